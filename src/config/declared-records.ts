import { campaignConfig } from '../api/campaign-input.js';
import type { Store } from '../store/store.js';
import type { AgentSection, OutdialConfig } from './outdial-config.js';

/** Campaigns and agents that the file declares, brought into the store at every start. */
export class DeclaredRecords {
  readonly #config: Pick<OutdialConfig, 'campaigns' | 'agents'>;
  readonly #store: Pick<Store, 'putCampaign' | 'putAgent'>;
  #pins: Promise<unknown> = Promise.resolve();

  constructor(config: Pick<OutdialConfig, 'campaigns' | 'agents'>, store: Pick<Store, 'putCampaign' | 'putAgent'>) {
    this.#config = config;
    this.#store = store;
  }

  /** Makes or changes them; others, made by REST, stay as they are. */
  async put(): Promise<void> {
    for (const { campaignId, settings } of this.#config.campaigns) {
      const { name, callerNumber, defaultCountry } = settings;
      await this.#store.putCampaign({ config: campaignConfig(campaignId, settings), name, callerNumber, defaultCountry });
    }
    const known: AgentSection[] = [];
    for (const agent of this.#config.agents) {
      const { pin, ...withoutPin } = agent;
      if (await this.#store.putAgent(withoutPin)) known.push(agent);
      else await this.#store.putAgent({ ...withoutPin, pin });
    }
    // Hashing takes tens of ms a PIN; after a crash live calls must not wait for that.
    this.#pins = Promise.allSettled(known.map((agent) => this.#store.putAgent(agent)));
  }

  /** Resolves when every changed PIN is in the store, or cannot be for now and stays as it was. */
  async pinsKept(): Promise<void> {
    await this.#pins;
  }
}
