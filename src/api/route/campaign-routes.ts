import { z } from 'zod';
import { campaignId } from '../../units/ids.js';
import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { campaignConfig } from '../campaign-input.js';
import {
  CAMPAIGN_DEFAULTS,
  campaignChangeSchema,
  campaignSchema,
  campaignSettingsSchema,
  newCampaignSchema,
  type CampaignResource,
  type CampaignSettings,
} from '../contract/campaign.js';
import { idSchema, problemSchema } from '../contract/common.js';
import { mintedId } from '../minted-id.js';
import { ApiProblem } from '../problems.js';
import type { StoredCampaign } from '../store-queries.js';

const params = z.object({ campaignId: idSchema });
const orders = { start: 'start', pause: 'pause', stop: 'stop' } as const;

/** `/api/v1/campaigns`. */
export function campaignRoutes(app: ApiServer, ports: ApiPorts): void {
  const tags = ['campaigns'];

  app.get(
    '/campaigns',
    { schema: { tags, summary: 'All campaigns', response: { 200: z.object({ items: z.array(campaignSchema) }) } } },
    async () => ({ items: (await ports.store.listCampaigns()).map((stored) => campaignResource(stored, ports)) }),
  );

  app.get(
    '/campaigns/:campaignId',
    { schema: { tags, summary: 'One campaign', params, response: { 200: campaignSchema, 404: problemSchema } } },
    async (request) => campaignResource(await storedCampaign(request.params.campaignId, ports), ports),
  );

  app.post(
    '/campaigns',
    {
      schema: {
        tags,
        summary: 'Make a campaign; it is stopped until it is started',
        body: newCampaignSchema,
        response: { 201: campaignSchema, 400: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { campaignId: wished, ...body } = request.body;
      const id = wished ?? mintedId(body.name, 'campaign');
      if ((await ports.store.findCampaign(id)) !== undefined) {
        throw new ApiProblem('already-exists', `There is a campaign ${id} already; change it with PATCH or choose another campaignId.`);
      }
      await setCampaign(id, checkedSettings({ ...CAMPAIGN_DEFAULTS, ...defined(body) }, ports), ports);
      const location = `/api/v1/campaigns/${id}`;
      return reply.code(201).header('location', location).send(campaignResource(await storedCampaign(id, ports), ports));
    },
  );

  app.patch(
    '/campaigns/:campaignId',
    {
      schema: {
        tags,
        summary: 'Change what is named; calls in progress go on as they began',
        params,
        body: campaignChangeSchema,
        response: { 200: campaignSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request) => {
      const { campaignId: id } = request.params;
      const present = await storedCampaign(id, ports);
      await setCampaign(id, checkedSettings({ ...present.settings, ...defined(request.body) }, ports), ports);
      return campaignResource(await storedCampaign(id, ports), ports);
    },
  );

  for (const order of Object.values(orders)) {
    app.post(
      `/campaigns/:campaignId/${order}`,
      { schema: { tags, summary: SUMMARY[order], params, response: { 202: campaignSchema, 404: problemSchema } } },
      async (request, reply) => {
        const stored = await storedCampaign(request.params.campaignId, ports);
        ports.submit({ type: 'campaign-ordered', campaignId: campaignId(stored.campaignId), order });
        return reply.code(202).send(campaignResource(stored, ports));
      },
    );
  }
}

const SUMMARY = {
  start: 'Dial, within calling hours and while agents are logged in',
  pause: 'Dial no more; calls in progress go on, and contacts keep their turn',
  stop: 'Dial no more; calls in progress go on, and the contacts fetched ahead are given back',
} as const;

/** The campaign in the store. @throws ApiProblem when there is none. */
export async function storedCampaign(id: string, ports: Pick<ApiPorts, 'store'>): Promise<StoredCampaign> {
  const stored = await ports.store.findCampaign(id);
  if (stored === undefined) throw new ApiProblem('not-found', `There is no campaign ${id}.`);
  return stored;
}

/** Written first, then told to the dialer: a crash between the two loses nothing. */
async function setCampaign(id: string, settings: CampaignSettings, ports: ApiPorts): Promise<void> {
  await ports.store.saveCampaign(id, settings);
  ports.live.setCampaign({ campaignId: id, name: settings.name });
  ports.submit({ type: 'campaign-set', campaign: campaignConfig(id, settings) });
}

/** The settings as a whole, once every rule between fields holds. */
function checkedSettings(settings: CampaignSettings, ports: ApiPorts): CampaignSettings {
  const faults = (campaignSettingsSchema.safeParse(settings).error?.issues ?? []).map((issue) => ({
    pointer: `#/${issue.path.join('/')}`,
    detail: `${issue.path.join('.')} ${issue.message}.`,
  }));
  if (!ports.trunks.includes(settings.trunk)) {
    const known = ports.trunks.length === 0 ? 'there is none in the configuration' : `there are ${ports.trunks.join(', ')}`;
    faults.push({ pointer: '#/trunk', detail: `trunk must be a trunk of the configuration: ${known}.` });
  }
  if (faults.length > 0) throw new ApiProblem('invalid-input', faults.map((fault) => fault.detail).join(' '), faults);
  return settings;
}

function campaignResource(stored: StoredCampaign, ports: ApiPorts): CampaignResource {
  const live = ports.live.campaign(stored.campaignId);
  const isSeenLive = live?.sinceMs !== undefined;
  return {
    campaignId: stored.campaignId,
    ...stored.settings,
    state: isSeenLive ? live.state : stored.runState,
    hint: isSeenLive ? live.hint : stored.hint,
    changedAtMs: stored.changedAtMs,
  };
}

type Defined<T> = { [Key in keyof T]: Exclude<T[Key], undefined> };

/** Without the fields that were left out. */
function defined<T extends object>(body: T): Defined<T> {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Defined<T>;
}
