import { z } from 'zod';
import type { AgentOrder } from '../../dialer/input.js';
import { agentId, campaignId, phoneName } from '../../units/ids.js';
import type { ApiPorts } from '../api-ports.js';
import type { ApiServer } from '../api-server.js';
import { dispositionByName } from '../campaign-input.js';
import { agentChangeSchema, agentOrderSchema, agentSchema, newAgentSchema, type AgentResource } from '../contract/agent.js';
import { idSchema, problemSchema } from '../contract/common.js';
import { mintedId } from '../minted-id.js';
import { ApiProblem } from '../problems.js';
import type { StoredAgent, StoredAgentSettings } from '../store-queries.js';
import { storedCampaign } from './campaign-routes.js';

const params = z.object({ agentId: idSchema });

/** `/api/v1/agents`. */
export function agentRoutes(app: ApiServer, ports: ApiPorts): void {
  const tags = ['agents'];

  app.get(
    '/agents',
    { schema: { tags, summary: 'All agents', response: { 200: z.object({ items: z.array(agentSchema) }) } } },
    async () => ({ items: (await ports.store.listAgents()).map((stored) => agentResource(stored, ports)) }),
  );

  app.get(
    '/agents/:agentId',
    { schema: { tags, summary: 'One agent', params, response: { 200: agentSchema, 404: problemSchema } } },
    async (request) => agentResource(await storedAgent(request.params.agentId, ports), ports),
  );

  app.post(
    '/agents',
    {
      schema: {
        tags,
        summary: 'Make an agent',
        body: newAgentSchema,
        response: { 201: agentSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const { agentId: wished, pin, ...settings } = request.body;
      const id = wished ?? mintedId(settings.name, 'agent');
      if ((await ports.store.findAgent(id)) !== undefined) {
        throw new ApiProblem('already-exists', `There is an agent ${id} already; change it with PATCH or choose another agentId.`);
      }
      await setAgent({ agentId: id, ...settings }, pin, ports);
      const location = `/api/v1/agents/${id}`;
      return reply.code(201).header('location', location).send(agentResource(await storedAgent(id, ports), ports));
    },
  );

  app.patch(
    '/agents/:agentId',
    {
      schema: {
        tags,
        summary: 'Change name, phone, campaign or PIN',
        params,
        body: agentChangeSchema,
        response: { 200: agentSchema, 400: problemSchema, 404: problemSchema },
      },
    },
    async (request) => {
      const present = await storedAgent(request.params.agentId, ports);
      const { name = present.name, phone = present.phone, campaignId: campaign = present.campaignId, pin } = request.body;
      await setAgent({ agentId: present.agentId, name, phone, campaignId: campaign }, pin, ports);
      return agentResource(await storedAgent(present.agentId, ports), ports);
    },
  );

  app.post(
    '/agents/:agentId/orders',
    {
      schema: {
        tags,
        summary: 'What the agent asks for; the same as the keys of the phone',
        params,
        body: agentOrderSchema,
        response: { 202: agentSchema, 400: problemSchema, 404: problemSchema, 409: problemSchema },
      },
    },
    async (request, reply) => {
      const stored = await storedAgent(request.params.agentId, ports);
      if ((ports.live.agent(stored.agentId)?.state ?? 'offline') === 'offline') {
        throw new ApiProblem('agent-offline', `${stored.name} is not logged in; agents log in from their phones.`);
      }
      const order = await agentOrder(request.body, stored, ports);
      ports.submit({ type: 'agent-ordered', agentId: agentId(stored.agentId), order });
      return reply.code(202).send(agentResource(stored, ports));
    },
  );
}

async function agentOrder(body: z.output<typeof agentOrderSchema>, agent: StoredAgent, ports: ApiPorts): Promise<AgentOrder> {
  if (body.order === 'pause') return { type: 'pause', reason: body.reason };
  if (body.order !== 'dispose') return { type: body.order };
  const known = dispositionByName((await storedCampaign(agent.campaignId, ports)).settings);
  const disposition = known.get(body.disposition);
  if (disposition === undefined) {
    const detail = `disposition must be one of ${[...known.keys()].map((name) => `"${name}"`).join(', ')}.`;
    throw new ApiProblem('invalid-input', detail, [{ pointer: '#/disposition', detail }]);
  }
  return { type: 'dispose', disposition };
}

async function storedAgent(id: string, ports: ApiPorts): Promise<StoredAgent> {
  const stored = await ports.store.findAgent(id);
  if (stored === undefined) throw new ApiProblem('not-found', `There is no agent ${id}.`);
  return stored;
}

/** Written first, then told to the dialer. */
async function setAgent(agent: StoredAgentSettings, pin: string | undefined, ports: ApiPorts): Promise<void> {
  await storedCampaign(agent.campaignId, ports);
  const sitting = (await ports.store.listAgents()).find(
    (other) => other.phone === agent.phone && other.agentId !== agent.agentId,
  );
  if (sitting !== undefined) {
    throw new ApiProblem('already-exists', `Phone ${agent.phone} belongs to ${sitting.name} (${sitting.agentId}) already.`);
  }
  await ports.store.saveAgent(agent, pin);
  ports.live.setAgent(agent);
  ports.submit({
    type: 'agent-set',
    agent: { agentId: agentId(agent.agentId), phone: phoneName(agent.phone), campaignId: campaignId(agent.campaignId) },
  });
}

function agentResource(stored: StoredAgent, ports: ApiPorts): AgentResource {
  const live = ports.live.agent(stored.agentId);
  const { agentId: id, name, phone, campaignId: campaign } = stored;
  return {
    agentId: id,
    name,
    phone,
    campaignId: campaign,
    state: live?.state ?? 'offline',
    sinceMs: live?.sinceMs ?? null,
    reason: live?.reason ?? null,
    callId: live?.callId ?? null,
    isPhoneRegistered: live?.isPhoneRegistered ?? null,
  };
}
