import type { SwitchSnapshot } from '../switch.js';
import type { AriConnection, AriReply } from './ari-connection.js';
import type { AriOperationName, AriOperations, Bridge, Channel } from './ari-types.js';
import type { AsteriskNaming } from './asterisk-config.js';
import type { EnteredCall } from './asterisk-events.js';
import { findOurs } from './asterisk-snapshot.js';
import type { CallTracker } from './call-tracker.js';
import type { EndpointStates } from './endpoint-states.js';

/** Everything found on a switch that was connected to. */
export interface Resynced {
  readonly snapshot: SwitchSnapshot;
  readonly channels: readonly Channel[];
  readonly bridges: readonly Bridge[];
  /** To be offered after the snapshot. */
  readonly waiting: readonly EnteredCall[];
}

/** What is brought in step. */
export interface ResyncParts {
  readonly naming: AsteriskNaming;
  readonly calls: CallTracker;
  readonly endpoints: EndpointStates;
}

/**
 * Reads the switch's lists and brings what we know in step with them. The
 * application's list comes last: a call that began meanwhile is in it and in
 * the events that wait.
 * @param onDone undefined when a list was not given: the connection is of no use.
 */
export function resync(connection: AriConnection, parts: ResyncParts, onDone: (found: Resynced | undefined) => void): void {
  const lists = Promise.all([
    ask(connection, 'channels.list', {}),
    ask(connection, 'bridges.list', {}),
    ask(connection, 'endpoints.listByTech', { tech: 'PJSIP' }),
    ask(connection, 'applications.get', { applicationName: parts.naming.app }),
  ]);
  lists.then(([channels, bridges, endpoints, application]) => {
    if (channels === undefined || bridges === undefined || application === undefined) return onDone(undefined);
    const found = findOurs({ application, channels, bridges }, parts.naming, (callId) => parts.calls.get(callId) !== undefined);
    parts.calls.replace(found);
    // A switch without chan_pjsip has no such list; it has no phones then.
    parts.endpoints.replace(endpoints ?? []);
    onDone({
      snapshot: {
        calls: found.calls.map(({ live }) => live),
        bridges: found.bridges,
        phones: parts.endpoints.phones,
        trunks: parts.endpoints.trunks,
      },
      channels,
      bridges,
      waiting: found.waiting,
    });
  }, () => onDone(undefined));
}

function ask<Name extends AriOperationName>(
  connection: AriConnection,
  operation: Name,
  parameters: AriOperations[Name]['parameters'],
): Promise<AriOperations[Name]['response'] | undefined> {
  return new Promise((resolve) => {
    connection.send(operation, parameters, (reply: AriReply<Name>) => resolve(reply.kind === 'done' ? reply.response : undefined));
  });
}
