/**
 * Numbers of the public network that record what they hear, besides the fixed
 * ones of the lab. The last digit is a time in seconds, or tells two numbers
 * of a kind apart.
 */
const PREFIX = '+442079460';
const tenth = (kind: string) => (digit: number): string => `${PREFIX}${kind}${String(digit)}`;

/** What they play. */
export const CONTACT_TONE_HZ = 1000;

export const TEST_NUMBERS = {
  /** Answers at once with the tone, records what it hears, and hangs up so many seconds later (0: never). */
  recordsTone: tenth('93'),
  /** Says hello, listens 3 s, plays the tone 1.5 s and hangs up; records what it hears. */
  recordsHello: tenth('94'),
  /** Answers and is quiet; records what it hears. */
  recordsQuiet: tenth('95'),
  /** Rings 2 s, says hello and listens; records what it hears; presses 9 so many seconds after the hello (0: never). */
  recordsListening: tenth('96'),
  /** A voicemail whose line drops so many seconds after the answer; its greeting takes 9 s. */
  dropsInGreeting: tenth('98'),
  /** Rings 3 s, then is busy. */
  ringsThenBusy: tenth('97'),
} as const;

/** MixMonitor's S fills gaps, so that a place in the file is a time since the answer. */
export function testDialplan(heardFolder: string): string {
  const record = (name: string): string => `MixMonitor(${heardFolder}/${name}-\${UNIQUEID}-both.wav,Sr(${heardFolder}/${name}-\${UNIQUEID}-heard.wav))`;
  const line = (kind: string, context: string): string => `exten => _${PREFIX}${kind}X,1,Gosub(${context},s,1(\${EXTEN:-1},\${EXTEN}))`;
  return `
[records-tone]
exten => s,1,Answer(,i)
 same => n,${record('${ARG2}')}
 same => n,ExecIf($[\${ARG1} > 0]?Set(TIMEOUT(absolute)=\${ARG1}))
 same => n,PlayTones(${String(CONTACT_TONE_HZ)})
 same => n,Wait(600)
exten => T,1,Hangup(16)

[records-hello]
exten => s,1,Answer(,i)
 same => n,${record('${ARG2}')}
 same => n,Wait(0.2)
 same => n,Playback(lab/person-0/hello-0)
 same => n,Wait(3)
 same => n,PlayTones(${String(CONTACT_TONE_HZ)})
 same => n,Wait(1.5)
 same => n,Hangup(16)

[records-quiet]
exten => s,1,Answer(,i)
 same => n,${record('${ARG2}')}
 same => n,Wait(600)

[records-listening]
exten => s,1,Ringing()
 same => n,Wait(2)
 same => n,Answer(,i)
 same => n,${record('${ARG2}')}
 same => n,Wait(0.2)
 same => n,Playback(lab/person-0/hello-0)
 same => n,ExecIf($[\${ARG1} > 0]?Wait(\${ARG1}))
 same => n,ExecIf($[\${ARG1} > 0]?SendDTMF(9))
 same => n,Wait(600)

[rings-then-busy]
exten => s,1,Ringing()
 same => n,Wait(3)
 same => n,Hangup(17)

[network](+)
exten => _${PREFIX}98X,1,Gosub(voicemail,s,1(0,0.20,person-0,0,0,\${EXTEN:-1},\${EXTEN}))
${[
    line('93', 'records-tone'), line('94', 'records-hello'), line('95', 'records-quiet'),
    line('96', 'records-listening'), line('97', 'rings-then-busy'),
  ].join('\n')}
`;
}
