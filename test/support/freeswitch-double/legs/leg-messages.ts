import type { SwitchCore } from '../server/switch-core.js';
import { causeNamed } from './hangup-causes.js';
import { hangUpLeg } from './leg-life.js';
import { beginUnicast } from './unicast-audio.js';

/** From a message until a leg's own loop takes it (flow 10). */
const MESSAGE_MS = 20;
const NOTHING = { name: '', data: '' };

/** `sendmsg <uuid>` with its headers: what the switch replies. What it cannot do it says nothing of (trap 1). */
export function sendToLeg(core: SwitchCore, uuid: string, headers: ReadonlyMap<string, string>): string {
  const leg = core.legs.get(uuid);
  if (leg === undefined) return `-ERR invalid session id [${uuid}]`;
  switch (headers.get('call-command')) {
    case 'execute':
      leg.runner.send(
        { name: headers.get('execute-app-name') ?? '', data: headers.get('execute-app-arg') ?? '' },
        headers.get('event-uuid'),
        MESSAGE_MS,
      );
      break;
    case 'unicast':
      core.shortly(() => {
        if (leg.hangupCause === undefined) beginUnicast(leg, headers);
      });
      break;
    case 'hangup':
      core.shortly(() => {
        hangUpLeg(leg, causeNamed(headers.get('hangup-cause')), 'we');
      });
      break;
    case undefined:
      break;
    default:
      // It goes through the leg's queue like any other, and does nothing (flow 18).
      leg.runner.send(NOTHING, undefined, MESSAGE_MS);
  }
  return '+OK';
}
