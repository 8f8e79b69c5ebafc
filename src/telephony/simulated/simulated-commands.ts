import type { PbxRefusal } from '../../simulation/pbx-config.js';
import type { SimulatedPbx } from '../../simulation/simulated-pbx.js';
import { assertNever } from '../../units/assert-never.js';
import type { SwitchCommand } from '../switch.js';

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
      return pbx.openBridge(command);
    case 'close-bridge':
      return pbx.closeBridge(command);
    case 'bridge':
      return pbx.bridge(command);
    case 'unbridge':
      return pbx.unbridge(command);
    case 'tap':
    case 'untap':
      return pbx.find(command.callId);
    case 'play':
      return pbx.play(command);
    case 'stop-playing':
      return pbx.stopPlaying(command);
    case 'start-recording':
      return pbx.startRecording(command);
    case 'stop-recording':
      return pbx.stopRecording(command);
    default:
      return assertNever(command);
  }
}
