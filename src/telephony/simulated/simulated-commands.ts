import type { PbxRefusal } from '../../simulation/pbx-config.js';
import type { SimulatedPbx } from '../../simulation/simulated-pbx.js';
import { assertNever } from '../../units/assert-never.js';
import type { SwitchCapabilities, SwitchCommand } from '../switch.js';

/** Which capability a command needs; undefined: none. */
function needOf(command: SwitchCommand): keyof SwitchCapabilities | undefined {
  switch (command.type) {
    case 'tap':
    case 'untap':
      return 'hasAudioTap';
    case 'bridge':
      return command.isTapped === true ? 'hasTapWhileBridged' : undefined;
    case 'start-recording':
    case 'stop-recording':
      return 'hasStereoRecording';
    case 'hold':
    case 'unhold':
      return 'hasHoldingAudio';
    case 'supervise':
    case 'stop-supervising':
      return 'hasSupervision';
    case 'originate':
      return command.wantsEarlyMedia === true ? 'hasEarlyMedia' : undefined;
    default:
      return undefined;
  }
}

/** Why a switch without some capability does not take a command; undefined: it does. */
export function refusalOf(command: SwitchCommand, capabilities: SwitchCapabilities): PbxRefusal | undefined {
  const need = needOf(command);
  return need === undefined || capabilities[need] ? undefined : { failure: 'unsupported', detail: `This switch lacks ${need}.` };
}

/** Has the exchange carry out one command; undefined: done. */
export function performOn(pbx: SimulatedPbx, command: SwitchCommand): PbxRefusal | undefined {
  switch (command.type) {
    case 'originate':
      return pbx.originate(command);
    case 'answer':
      return pbx.answer(command);
    case 'hang-up':
      return pbx.hangUp(command);
    case 'open-bridge':
      return pbx.rooms.openBridge(command);
    case 'close-bridge':
      return pbx.rooms.closeBridge(command);
    case 'bridge':
      return pbx.rooms.bridge(command);
    case 'unbridge':
      return pbx.rooms.unbridge(command);
    case 'tap':
      return pbx.rooms.tap(command);
    case 'untap':
      return pbx.rooms.untap(command);
    case 'play':
      return pbx.play(command);
    case 'stop-playing':
      return pbx.stopPlaying(command);
    case 'start-recording':
      return pbx.startRecording(command);
    case 'stop-recording':
      return pbx.stopRecording(command);
    case 'hold':
      return pbx.rooms.hold(command);
    case 'unhold':
      return pbx.rooms.unhold(command);
    case 'send-digits':
      return pbx.rooms.sendDigits(command);
    case 'supervise':
      return pbx.rooms.supervise(command);
    case 'stop-supervising':
      return pbx.rooms.stopSupervising(command);
    default:
      return assertNever(command);
  }
}
