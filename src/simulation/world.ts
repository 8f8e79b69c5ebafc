import type { DialerConfig } from '../dialer/config.js';
import type { AgentId, CallId, ContactId, SoundName } from '../units/ids.js';
import { contactId } from '../units/ids.js';
import { Random } from '../units/random.js';
import type { Ms } from '../units/time.js';
import { epochMs } from '../units/time.js';
import { ContactParty, planCall } from './contact-party.js';
import { SimulatedAgent } from './simulated-agent.js';
import { SimulatedPbx } from './simulated-pbx.js';
import { VirtualClock } from './virtual-clock.js';
import type { WorldConfig } from './world-config.js';

/** A short tone or word. */
const CUE_MS: Ms = 400;
/** "Please enter your PIN." */
const PROMPT_MS: Ms = 1_500;
/** The recorded messages of a campaign. */
const MESSAGE_MS: Ms = 14_000;
/** Asterisk's rtp_timeout in dialplan/. */
const VANISHED_AFTER_MS: Ms = 10_000;
/** Chosen: a carrier has more lines than any campaign's cap, so the cap is what is tested. */
const CARRIER_LINES_MAX = 10_000;

/** Everybody and everything outside the service: people, machines, carrier, exchange, phones. */
export class World {
  readonly clock: VirtualClock;
  readonly pbx: SimulatedPbx;
  readonly agents: readonly SimulatedAgent[];
  /** Draws for the rest of the run: store, analysis, connection. */
  readonly random: Random;
  readonly #parties = new Map<CallId, ContactParty>();
  readonly #lastPartyOf = new Map<ContactId, ContactParty>();

  /** @param onDoubled told when a contact's telephone is called by us while it is in a call of ours. */
  constructor(
    world: WorldConfig,
    dialer: DialerConfig,
    seed: number,
    onDoubled: (party: ContactParty, rival: ContactParty) => void,
  ) {
    this.clock = new VirtualClock(epochMs(Date.parse(world.startsAt)));
    this.random = new Random(seed);
    const contactRandom = this.random.fork();
    const agentRandom = this.random.fork();
    const safeHarbour = new Set(dialer.campaigns.map((campaign) => campaign.safeHarbourMessage));
    this.pbx = new SimulatedPbx(
      this.clock,
      {
        trunks: dialer.trunks.map(({ name }) => ({ trunk: name, linesMax: CARRIER_LINES_MAX })),
        phones: dialer.agents.map(({ phone }) => phone),
        soundMs: soundLengths(dialer),
        vanishedAfterMs: VANISHED_AFTER_MS,
      },
      {
        // The destination is the contact's id: the simulation needs no telephone numbers.
        partyAt: (_trunk, destination, callId) => {
          const plan = planCall(world, contactRandom);
          const party = new ContactParty(callId, contactId(destination), plan, this.clock, safeHarbour);
          const rival = this.#lastPartyOf.get(party.contactId);
          if (rival !== undefined && !rival.isOver) onDoubled(party, rival);
          this.#lastPartyOf.set(party.contactId, party);
          this.#parties.set(callId, party);
          return party;
        },
      },
    );
    this.agents = dialer.agents.map(({ agentId, phone, campaignId }) => {
      const campaign = dialer.campaigns.find((each) => each.campaignId === campaignId);
      const around = {
        agentId,
        phone,
        pin: pinOf(agentId, dialer.keypad.pinDigitsMax),
        sounds: dialer.keypad.sounds,
        dispositionDigits: Object.keys(campaign?.dispositionByDigit ?? {}),
        pauseDigits: Object.keys(dialer.keypad.pauseReasonByDigit),
        behaviour: world.agents,
        planOf: (callId: CallId) => this.#parties.get(callId)?.plan,
      };
      return new SimulatedAgent(around, this.pbx, this.clock, agentRandom.fork());
    });
  }

  /** Whoever is, or was, at the far end of this call. */
  partyOf(callId: CallId): ContactParty | undefined {
    return this.#parties.get(callId);
  }
}

/** An agent's PIN in the simulation, drawn from the agent's name; never longer than what can be keyed. */
export function pinOf(agentId: AgentId, digitsMax: number): string {
  let sum = 7;
  for (const letter of agentId) sum = (sum * 31 + letter.charCodeAt(0)) % 1_000_000;
  return String(sum).padStart(6, '0').slice(-Math.min(4, digitsMax));
}

function soundLengths(dialer: DialerConfig): (sound: SoundName) => Ms | undefined {
  const { sounds } = dialer.keypad;
  const lengths = new Map<SoundName, Ms>();
  for (const cue of Object.values<SoundName>({ ...sounds })) lengths.set(cue, CUE_MS);
  lengths.set(sounds.enterPin, PROMPT_MS);
  lengths.set(sounds.wrongPin, PROMPT_MS);
  for (const campaign of dialer.campaigns) {
    lengths.set(campaign.safeHarbourMessage, MESSAGE_MS);
    if (campaign.machineMessage !== undefined) lengths.set(campaign.machineMessage, MESSAGE_MS);
    if (campaign.whisper !== undefined) lengths.set(campaign.whisper, PROMPT_MS);
  }
  return (sound) => lengths.get(sound);
}
