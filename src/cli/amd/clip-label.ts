import type { AnswerVerdict } from '../../call/answer-verdict.js';

/**
 * What is truly on a recording: a verdict's word, or one of two that are none.
 * `tone`: some tone of the network, a fax or an intercept; which one is not told.
 * `other`: music and the like, listened to for false beeps alone.
 */
export type ClipLabel = Exclude<AnswerVerdict, 'unsure'> | 'tone' | 'other';

/** In the order in which tables show them. */
export const CLIP_LABELS: readonly ClipLabel[] = [
  'person', 'machine', 'screening', 'menu', 'fax', 'intercept', 'busy', 'ringing', 'tone', 'silence', 'other',
];

/** Other words for the same, without case, spaces and signs. */
const ALIASES: Readonly<Record<string, ClipLabel>> = {
  human: 'person', people: 'person', live: 'person', livehuman: 'person', liveperson: 'person', contact: 'person', h: 'person', p: 'person',
  voicemail: 'machine', vm: 'machine', amd: 'machine', answeringmachine: 'machine', answermachine: 'machine', am: 'machine',
  greeting: 'machine', voicemailgreeting: 'machine', mailbox: 'machine', m: 'machine',
  callscreening: 'screening', screen: 'screening', screener: 'screening', assistant: 'screening', callassistant: 'screening',
  ivr: 'menu', autoattendant: 'menu', phonetree: 'menu', voicemenu: 'menu',
  modem: 'fax', faxmachine: 'fax', ced: 'fax', cng: 'fax',
  sit: 'intercept', sittone: 'intercept', sittones: 'intercept', notinservice: 'intercept', carrierintercept: 'intercept', disconnected: 'intercept',
  reorder: 'busy', congestion: 'busy', fastbusy: 'busy', busytone: 'busy', dialtone: 'busy',
  ringback: 'ringing', ring: 'ringing', ringingtone: 'ringing', ringbacktone: 'ringing',
  nospeech: 'silence', silent: 'silence', deadair: 'silence', noise: 'silence', nobody: 'silence', empty: 'silence',
  tones: 'tone', networktone: 'tone', callprogress: 'tone', dtmf: 'tone',
  music: 'other', hold: 'other', holdmusic: 'other', musiconhold: 'other', moh: 'other', unknown: 'other', none: 'other', unsure: 'other',
};

/** The label that a word stands for, in any case; undefined when it is no such word. */
export function clipLabelOf(word: string): ClipLabel | undefined {
  const plain = word.toLowerCase().replace(/[^a-z]/g, '');
  return CLIP_LABELS.find((label) => label === plain) ?? (Object.hasOwn(ALIASES, plain) ? ALIASES[plain] : undefined);
}
