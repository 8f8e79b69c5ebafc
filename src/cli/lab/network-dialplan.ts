import { KEYS_TO_READ, LIVE_APP, RECORDER_TONES_HZ } from './fixed-numbers.js';
import { beepOf, type NumberTruth } from './number-plan.js';
import { TALK_TEXTS } from './speech-clips.js';

/** The context in which calls arrive at the public network. */
export const NETWORK_CONTEXT = 'network';

/**
 * The dialplan of the public network: one subroutine for each kind of far side,
 * the fixed numbers, and one line for each number of the plan. Every other
 * number is not in service.
 */
export function networkDialplan(truths: Iterable<NumberTruth>, heardFolder: string): string {
  return [subroutines(heardFolder), `[${NETWORK_CONTEXT}]`, fixedNumbers(heardFolder), ...lines(truths), ''].join('\n');
}

function* lines(truths: Iterable<NumberTruth>): Generator<string> {
  for (const truth of truths) yield `exten => ${truth.number},1,${farSide(truth)}`;
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

function farSide(truth: NumberTruth): string {
  const ring = seconds(truth.ringMs);
  switch (truth.kind) {
    case 'person':
    case 'early-hang-up':
      return goSub('person', [
        ring, seconds(truth.firstSoundMs), `person-${truth.speaker}`, truth.clip, seconds(truth.listenMs),
        seconds(truth.hangsUpAfterMs), truth.pressesNineAfterMs === undefined ? '' : seconds(truth.pressesNineAfterMs),
      ]);
    case 'voicemail':
      return goSub('voicemail', [ring, seconds(truth.firstSoundMs), `person-${truth.speaker}`, truth.clip, beepOf(truth), 0, truth.number]);
    case 'busy':
      return goSub('refuse', [ring, 17]);
    case 'unallocated':
      return goSub('refuse', [ring, 1]);
    case 'congestion':
      return goSub('refuse', [ring, 34]);
    case 'no-answer':
      return goSub('no-answer', []);
    case 'sit-early':
      return goSub('sit-early', [ring]);
    case 'sit-answered':
      return goSub('sit-answered', [ring]);
    case 'silence':
      return goSub('silence', [ring, seconds(truth.hangsUpAfterMs)]);
    case 'fax':
      return goSub('fax', [ring]);
  }
}

const goSub = (context: string, args: readonly (string | number)[]): string => `Gosub(${context},s,1(${args.join(',')}))`;

/**
 * Answer(,i) sends the 200 at once instead of waiting half a second for the
 * caller's audio. TIMEOUT(absolute) is the far side's own hanging up; it goes
 * to T, which gives it the cause that networks give it.
 */
function subroutines(heardFolder: string): string {
  return `[ring]
exten => s,1,GotoIf($[\${ARG1} > 0]?:done)
 same => n,Ringing()
 same => n,Wait(\${ARG1})
 same => n(done),Return()

[person]
; ring, first sound, speaker, hello, listen, hangs up after, presses 9 after
exten => s,1,Gosub(ring,s,1(\${ARG1}))
 same => n,Answer(,i)
 same => n,ExecIf($[\${ARG6} > 0]?Set(TIMEOUT(absolute)=\${ARG6}))
 same => n,Wait(\${ARG2})
 same => n,Playback(lab/\${ARG3}/hello-\${ARG4})
 same => n,GotoIf($["\${ARG7}" = ""]?talk)
 same => n,Wait(\${ARG7})
 same => n,SendDTMF(9)
 same => n(talk),Set(TURN=0)
 same => n(turn),Wait(\${ARG5})
 same => n,Playback(lab/\${ARG3}/talk-\${TURN})
 same => n,Set(TURN=$[(\${TURN} + 1) % ${TALK_TEXTS.length}])
 same => n,Goto(turn)
exten => T,1,Hangup(16)

[voicemail]
; ring, first sound, speaker, greeting, beep, drops after (0: never), dialled number
exten => s,1,Gosub(ring,s,1(\${ARG1}))
 same => n,Answer(,i)
 same => n,ExecIf($[\${ARG6} > 0]?Set(TIMEOUT(absolute)=\${ARG6}))
 same => n,Wait(\${ARG2})
 same => n,Playback(lab/\${ARG3}/greeting-\${ARG4})
 same => n,Wait(0.6)
 same => n,Playback(lab/beep-\${ARG5})
 same => n,Record(${heardFolder}/\${ARG7}-\${UNIQUEID}.wav,0,20,qkx)
 same => n,Hangup(16)
exten => T,1,Hangup(16)

[refuse]
; ring, Q.850 cause
exten => s,1,Gosub(ring,s,1(\${ARG1}))
 same => n,Hangup(\${ARG2})

[no-answer]
exten => s,1,Ringing()
 same => n,Wait(600)
 same => n,Hangup(19)

[sit-early]
exten => s,1,Wait(\${ARG1})
 same => n,Progress()
 same => n,Playback(lab/sit-vacant-code,noanswer)
 same => n,Playback(lab/announcement,noanswer)
 same => n,Hangup(1)

[sit-answered]
exten => s,1,Gosub(ring,s,1(\${ARG1}))
 same => n,Answer(,i)
 same => n,Playback(lab/sit-intercept)
 same => n,Playback(lab/announcement)
 same => n,Hangup(16)

[silence]
; ring, hangs up after (0: never)
exten => s,1,Gosub(ring,s,1(\${ARG1}))
 same => n,Answer(,i)
 same => n,ExecIf($[\${ARG2} > 0]?Set(TIMEOUT(absolute)=\${ARG2}))
 same => n,Wait(3600)
exten => T,1,Hangup(16)

[fax]
exten => s,1,Gosub(ring,s,1(\${ARG1}))
 same => n,Answer(,i)
 same => n,Wait(1.8)
 same => n(again),Playback(lab/fax)
 same => n,Goto(again)

[tone]
; hangs up after (0: never)
exten => s,1,Answer(,i)
 same => n,ExecIf($[\${ARG1} > 0]?Set(TIMEOUT(absolute)=\${ARG1}))
 same => n,PlayTones(1000)
 same => n,Wait(3600)
exten => T,1,Hangup(16)
`;
}

function fixedNumbers(heardFolder: string): string {
  const n = (digits: string): string => `+442079460${digits}`;
  const last2 = '${EXTEN:-2}';
  const last1 = '${EXTEN:-1}';
  const person = ['person-0', 0, '2.00'] as const;
  return [
    `exten => _${n('0XX')},1,${goSub('tone', [last2])}`,
    `exten => _${n('1XX')},1,${goSub('person', [last2, '0.20', ...person, 0, ''])}`,
    `exten => _${n('2XX')},1,${goSub('refuse', [last2, 17])}`,
    `exten => ${n('300')},1,${goSub('no-answer', [])}`,
    `exten => _${n('4XX')},1,${goSub('refuse', [last2, 1])}`,
    `exten => _${n('5XX')},1,${goSub('refuse', [last2, 34])}`,
    `exten => ${n('600')},1,${goSub('sit-early', [0])}`,
    `exten => ${n('602')},1,Progress()`,
    ' same => n,Playback(lab/sit-vacant-code,noanswer)',
    ' same => n,Playback(lab/sit-vacant-code,noanswer)',
    ' same => n,Hangup(1)',
    `exten => ${n('603')},1,Progress()`,
    ' same => n,PlayTones(1000)',
    ' same => n,Wait(1.5)',
    ' same => n,Answer(,i)',
    ' same => n,PlayTones(1000)',
    ' same => n,Wait(3600)',
    `exten => ${n('601')},1,${goSub('sit-answered', [0])}`,
    `exten => _${n('7XX')},1,${goSub('voicemail', [last2, '0.40', 'person-0', 0, 0, 0, '${EXTEN}'])}`,
    `exten => _${n('8XX')},1,${goSub('silence', [0, last2])}`,
    `exten => ${n('900')},1,${goSub('fax', [0])}`,
    `exten => ${n('901')},1,${goSub('person', [0, '0.10', ...person, '0.4', ''])}`,
    `exten => ${n('902')},1,${goSub('voicemail', [0, '0.20', 'person-0', 0, 0, 2, '${EXTEN}'])}`,
    `exten => ${n('903')},1,Hangup(21)`,
    `exten => ${n('904')},1,Answer(,i)`,
    ' same => n,Echo()',
    `exten => ${n('905')},1,Answer(,i)`,
    ` same => n,MixMonitor(${heardFolder}/\${EXTEN}-\${UNIQUEID}.wav,r(${heardFolder}/\${EXTEN}-\${UNIQUEID}-heard.wav))`,
    ' same => n,PlayTones(1000)',
    ' same => n,Wait(3600)',
    `exten => _${n('91X')},1,${goSub('person', [0, '0.20', ...person, 0, last1])}`,
    `exten => _${n('92X')},1,${goSub('person', [0, '0.20', ...person, last1, ''])}`,
    `exten => ${n('906')},1,Answer(,i)`,
    ' same => n,Wait(1)',
    ' same => n,SendDTMF(123#,200)',
    ' same => n,Wait(3600)',
    `exten => ${n('907')},1,Answer(,i)`,
    ' same => n,Read(KEYS,,4,,1,30)',
    ` same => n,GotoIf($["\${KEYS}" = "${KEYS_TO_READ}"]?right)`,
    ' same => n,Wait(3600)',
    ' same => n(right),Hangup(16)',
    ...RECORDER_TONES_HZ.flatMap((frequencyHz, index) => [
      `exten => ${n(`99${index}`)},1,Answer(,i)`,
      // S writes silence where nothing came, so that a place in the file is an instant of the call.
      ` same => n,MixMonitor(${heardFolder}/\${EXTEN}-\${UNIQUEID}.wav,r(${heardFolder}/\${EXTEN}-\${UNIQUEID}-heard.wav)t(${heardFolder}/\${EXTEN}-\${UNIQUEID}-said.wav)S)`,
      ` same => n,PlayTones(${frequencyHz})`,
      ' same => n,Wait(3600)',
    ]),
    `exten => _${n('9[4-8]X')},1,Answer(,i)`,
    ' same => n,Wait(0.2)',
    ' same => n,Playback(lab/person-0/hello-0)',
    ` same => n,Stasis(${LIVE_APP},\${EXTEN})`,
    ' same => n,Hangup(16)',
  ].join('\n');
}
