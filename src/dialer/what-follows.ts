import type { AnswerVerdict } from '../call/answer-verdict.js';
import type { EndCauseName } from '../call/end-cause.js';
import { assertNever } from '../units/assert-never.js';
import type { CampaignConfig } from './config.js';
import type { EarlyMedia } from './input.js';

/** What a verdict leads to: an agent, our message, or the end for this cause. */
export type Following = { readonly to: 'agent' } | { readonly to: 'message' } | { readonly to: 'end'; readonly cause: EndCauseName };

const TO_AGENT: Following = { to: 'agent' };
const TO_MESSAGE: Following = { to: 'message' };
const toEnd = (cause: EndCauseName): Following => ({ to: 'end', cause });
const asChosen = (choice: 'hang-up' | 'connect', cause: EndCauseName): Following => (choice === 'connect' ? TO_AGENT : toEnd(cause));

/** What this campaign does with what answered. */
export function whatFollows(verdict: AnswerVerdict, config: CampaignConfig): Following {
  switch (verdict) {
    case 'person':
    case 'unsure':
      return TO_AGENT;
    case 'machine':
      return config.onMachine === 'leave-message' ? TO_MESSAGE : toEnd('machine-hung-up');
    case 'screening':
      return asChosen(config.onScreening, 'screening-hung-up');
    case 'menu':
      return asChosen(config.onMenu, 'menu-hung-up');
    case 'silence':
      return asChosen(config.onSilence, 'false-answer');
    case 'fax':
      return toEnd('fax');
    case 'intercept':
      return toEnd('intercept');
    case 'busy':
      return toEnd('busy-tone');
    case 'ringing':
      return toEnd('false-answer');
    default:
      return assertNever(verdict);
  }
}

/** Tones by which the network says that it has no way now; the number may be a good one. */
const OVERLOAD_TONES: readonly string[] = ['no-circuit', 'reorder'];

/** For which cause a call is given up by what is heard before its answer; undefined: it is let ring. */
export function endByEarlyMedia(heard: EarlyMedia, detail: string | undefined): EndCauseName | undefined {
  switch (heard) {
    case 'intercept':
    case 'busy':
      if (detail !== undefined && OVERLOAD_TONES.includes(detail)) return 'congestion';
      return heard === 'busy' ? 'busy' : 'unallocated-number';
    case 'ringing':
    case 'announcement':
    case 'music':
    case 'silence':
      return undefined;
    default:
      return assertNever(heard);
  }
}
