import type { CallId } from '../units/ids.js';
import type { PbxCall } from './pbx-call.js';
import type { PbxRefusal } from './pbx-config.js';

/** The call, bridge or other thing is not there. */
export const gone = (what: string): PbxRefusal => ({ failure: 'gone', detail: `There is no ${what}.` });

/** It is there, and it cannot be done. */
export const refused = (detail: string): PbxRefusal => ({ failure: 'refused', detail });

/** Runs with the call when it is there and answered; else says why not. */
export function withAnswered(
  calls: ReadonlyMap<CallId, PbxCall>,
  callId: CallId,
  run: (call: PbxCall) => PbxRefusal | undefined,
): PbxRefusal | undefined {
  const call = calls.get(callId);
  if (call === undefined) return gone('such call');
  return call.state === 'answered' ? run(call) : refused('The call has not been answered.');
}
