import { stringify } from 'yaml';
import type { SwitchPbx } from '../lab/switch-pbx.js';

/** The demo's one campaign. */
export const DEMO_CAMPAIGN = 'spring-demo';

/** A seat of the demo. */
export interface DemoSeat {
  readonly agentId: string;
  readonly name: string;
  readonly phone: string;
  readonly pin: string;
}

const AGENT_NAMES = ['Ana', 'Ben', 'Cyd', 'Dov', 'Eda', 'Finn', 'Gia', 'Hal', 'Ivy', 'Jon', 'Kim', 'Lou', 'Mae', 'Ned', 'Oda', 'Per', 'Quin', 'Ria', 'Sol', 'Tess'] as const;

/** Seats at phones 1001 and up. PINs are the demo's own; nobody else's phone rings. */
export function demoSeats(count: number): readonly DemoSeat[] {
  return Array.from({ length: count }, (_, index) => {
    const name = AGENT_NAMES[index % AGENT_NAMES.length] ?? 'Agent';
    const round = Math.floor(index / AGENT_NAMES.length);
    return {
      agentId: `agent-${index + 1}`,
      name: round === 0 ? name : `${name} ${round + 1}`,
      phone: String(1001 + index),
      pin: String(2000 + ((index * 37) % 7000)),
    };
  });
}

/** What the demo's configuration is written from. */
export interface DemoConfigParts {
  readonly pbx: SwitchPbx;
  readonly seats: readonly DemoSeat[];
  readonly httpPort: number;
  readonly storeFile: string;
}

/** The service's configuration file, as an admin would write it. */
export function demoConfig({ pbx, seats, httpPort, storeFile }: DemoConfigParts): string {
  return stringify({
    tenant: 'demo',
    http: { host: '127.0.0.1', port: httpPort },
    store: { file: storeFile },
    switch: pbx.switchSection,
    trunks: [
      { name: 'trunk', endpoint: pbx.trunkEndpoint, callsPerSecondMax: 10, linesMax: 120, callerNumber: '+12025550100' },
    ],
    campaigns: [
      {
        id: DEMO_CAMPAIGN,
        name: 'Spring demo',
        trunk: 'trunk',
        country: 'US',
        pacing: { mode: 'power', linesPerAgent: 2.5 },
        ringTimeoutSeconds: 20,
        callingHours: { timeZone: 'UTC', weekdays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' },
        onMachine: 'leave-message',
        machineMessage: 'machine-message',
        safeHarbourMessage: 'safe-harbour',
        wrapUpSeconds: 15,
        dispositions: {
          1: { name: 'sale', effect: 'complete' },
          2: { name: 'not interested', effect: 'complete' },
          3: { name: 'call again', effect: 'redial' },
          9: { name: 'do not call', effect: 'do-not-call' },
        },
        attemptsMax: 3,
        recycle: {
          busy: { redialAfterMinutes: 1, attemptsMax: 2 },
          'no-answer': { redialAfterMinutes: 2, attemptsMax: 2 },
        },
      },
    ],
    agents: seats.map(({ agentId, name, phone, pin }) => ({ id: agentId, name, phone, campaign: DEMO_CAMPAIGN, pin })),
    keypad: { pauseReasons: { 1: 'break', 2: 'lunch' } },
    log: { level: 'info' },
  });
}
