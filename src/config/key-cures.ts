import { END_CAUSES } from '../call/end-cause.js';

/**
 * What to write at each key, shown with every fault found there. `[]` stands
 * for any item of a list, `<…>` for any name.
 */
export const KEY_CURES: Readonly<Record<string, string>> = {
  '': 'Write "outdial init" to get a commented file to start from.',
  tenant: 'Give this call centre a short name such as "main".',
  http: 'Write host and port below it, or leave it out.',
  'http.host': 'Use 127.0.0.1 for this machine alone, 0.0.0.0 for every network, or one address of this machine.',
  'http.port': 'Use a free TCP port, 1 to 65535, such as 8080.',
  'http.apiKeys': 'List one or more keys, each at least 16 signs: "openssl rand -hex 16" makes one.',
  'http.apiKeys[]': 'Use at least 16 signs without spaces: "openssl rand -hex 16" makes one.',
  store: 'Write file below it, or leave it out.',
  'store.file': 'Name a file on a local disk that this user may write, such as /var/lib/outdial/outdial.sqlite.',
  'store.snippetDays': 'Write for how many days snippets of disputed calls are kept, 1 to 3650; 30 is usual.',
  switch: 'Write ari and ami below it for Asterisk, or kind: freeswitch and esl, as "outdial init" shows.',
  'switch.kind': 'Write asterisk or freeswitch.',
  'switch.ari': 'Write url, user and password below it, as in the switch\'s ari.conf.',
  'switch.ari.url': 'Write the address of the switch\'s http.conf, such as http://127.0.0.1:8088.',
  'switch.ari.user': 'Write the name of the user section in the switch\'s ari.conf.',
  'switch.ari.password': 'Write the password of that user in ari.conf, or set OUTDIAL_ARI_PASSWORD.',
  'switch.ari.app': 'Write outdial, the name that dialplan/extensions-outdial.conf uses.',
  'switch.ami': 'Write host, port, user and password below it, as in the switch\'s manager.conf.',
  'switch.ami.host': 'Write the host that runs the switch.',
  'switch.ami.port': 'Write the port of manager.conf; Asterisk\'s own is 5038.',
  'switch.ami.user': 'Write the name of the user section in the switch\'s manager.conf.',
  'switch.ami.password': 'Write the secret of that user in manager.conf, or set OUTDIAL_AMI_PASSWORD.',
  'switch.transport': 'Write auto; websocket or http only to force one.',
  'switch.soundsPrefix': 'Write the folder below the switch\'s sounds folder that holds this project\'s sounds, such as outdial.',
  'switch.esl': 'Write host, port and password below it, as in the switch\'s event_socket.conf.',
  'switch.esl.host': 'Write the host that runs the switch.',
  'switch.esl.port': 'Write listen-port of event_socket.conf; FreeSWITCH\'s own is 8021.',
  'switch.esl.password': 'Write the password of event_socket.conf, or set OUTDIAL_ESL_PASSWORD.',
  'switch.soundsFolder': 'Write the folder that holds this project\'s sounds as the switch names it, such as /usr/share/freeswitch/sounds/outdial.',
  'switch.audioPorts': 'Write the first and the last UDP port of the switch for call audio, one a listened call, such as 27000-27999; keep them apart from the range of its RTP.',
  'switch.audioHost': 'Write the address of the switch, in digits, on which it takes call audio from this service, or leave it out when that is esl.host.',
  'switch.conferenceProfile': 'Write outdial, the profile of freeswitch-conf/, or the name of your own in conference.conf.',
  'switch.holdingMusic': 'Write local_stream:// and the name of a stream, such as local_stream://outdial-hold, or a file as the switch names it.',
  'switch.recordingsFolder': 'Write the folder in which this machine sees the switch\'s recordings, such as /var/spool/asterisk/recording or /var/lib/freeswitch/recordings.',
  'switch.recordingsFolderOnSwitch': 'Write the same folder as the switch names it, or leave it out where both name it alike.',
  media: 'Write host and port below it, or leave it out.',
  'media.host': 'Use 127.0.0.1 when the switch runs on this machine, else the address of this machine that the switch reaches.',
  'media.port': 'Use a free UDP port, or 0 for any.',
  trunks: 'List at least one trunk with name and linesMax.',
  'trunks[]': 'Write name and linesMax.',
  'trunks[].name': 'Give the trunk a name of letters, digits, - and _.',
  'trunks[].endpoint': 'Write the name of its endpoint in pjsip.conf, or of its gateway in the SIP profile of FreeSWITCH; leave it out when it is the trunk\'s own name.',
  'trunks[].numberForm': 'Write e164-plus for +12025550143, e164 for 12025550143, or prefix with numberPrefix for 0012025550143.',
  'trunks[].numberPrefix': 'Write what your carrier wants in the place of +, such as "00" in quotes, or leave it out.',
  'trunks[].callsPerSecondMax': 'Ask your carrier how many new calls a second it takes; 1 is safe with most.',
  'trunks[].linesMax': 'Write how many calls at one time your carrier allows, 1 to 10000.',
  'trunks[].callerNumber': 'Write the number shown to contacts as + and 7 to 15 digits in quotes, such as "+12025550143".',
  campaigns: 'List campaigns, each with id and trunk, or leave it out and make them by REST.',
  'campaigns[]': 'Write at least id and trunk.',
  'campaigns[].id': 'Give the campaign a short name of lower-case letters, digits and hyphens, such as spring.',
  'campaigns[].name': 'Write a title of up to 120 signs.',
  'campaigns[].trunk': 'Write the name of a trunk of this file.',
  'campaigns[].callerNumber': 'Write the number shown to contacts as + and 7 to 15 digits in quotes, such as "+12025550143".',
  'campaigns[].country': 'Write the country in which numbers without + are read, such as US or GB.',
  'campaigns[].pacing': 'Write { mode: progressive }, or { mode: power, linesPerAgent: 1.5 }.',
  'campaigns[].pacing.mode': 'Write progressive for one line a free agent, or power for a ratio.',
  'campaigns[].pacing.linesPerAgent': 'Write 1 to 10; start with 1.5 and watch the abandon ratio.',
  'campaigns[].callsPerSecondMax': 'Write a number above 0 and no more than the trunk\'s, or leave it out.',
  'campaigns[].linesMax': 'Write a whole number from 1 and no more than the trunk\'s, or leave it out.',
  'campaigns[].ringTimeoutSeconds': 'Write 15 to 120; 25 is about five rings.',
  'campaigns[].callingHours': 'Write timeZone, weekdays, from and to, or leave it out.',
  'campaigns[].callingHours.timeZone': 'Write an IANA name such as America/New_York or Europe/London.',
  'campaigns[].callingHours.weekdays': 'Write at least one of sun, mon, tue, wed, thu, fri, sat.',
  'campaigns[].callingHours.weekdays[]': 'Write one of sun, mon, tue, wed, thu, fri, sat.',
  'campaigns[].callingHours.from': 'Write hours and minutes in quotes, such as "09:00".',
  'campaigns[].callingHours.to': 'Write hours and minutes in quotes, such as "20:00", at most "24:00".',
  'campaigns[].analyseAnswers': 'Write true or false.',
  'campaigns[].onMachine': 'Write hang-up or leave-message.',
  'campaigns[].machineMessage': 'Name a sound without its extension, such as our-message.',
  'campaigns[].answerHandling': 'Write hold; connect-probable or connect-at-answer give agents calls before it is known who answered.',
  'campaigns[].takeBackLimitSeconds': 'Write 1 to 60; 10 is enough for every verdict but the slowest.',
  'campaigns[].onScreening': 'Write hang-up or connect.',
  'campaigns[].onMenu': 'Write hang-up or connect.',
  'campaigns[].onSilence': 'Write hang-up or connect.',
  'campaigns[].lostPersonCost': 'Write 20 to 1000: how many machines an agent may rather hear than that one person is hung up on.',
  'campaigns[].listenBeforeAnswer': 'Write true or false.',
  'campaigns[].keepDisputedSnippets': 'Write true or false.',
  'campaigns[].agentWaitSeconds': 'Write 0 to 2.',
  'campaigns[].safeHarbourMessage': 'Name a sound that says who called, a number, and "press 9 not to be called again".',
  'campaigns[].whisper': 'Name a sound without its extension, or leave it out.',
  'campaigns[].record': 'Write true or false.',
  'campaigns[].wrapUpSeconds': 'Write 0 to 3600; 30 is usual.',
  'campaigns[].dispositions': 'Write one line a digit, such as 1: { name: sale, effect: complete }.',
  'campaigns[].dispositions.<digit>': 'Write a digit in front and { name: sale, effect: complete } behind it.',
  'campaigns[].dispositions.<digit>.name': 'Write 1 to 40 letters, digits, spaces and _ . -',
  'campaigns[].dispositions.<digit>.effect': 'Write complete, redial or do-not-call.',
  'campaigns[].dispositions.<digit>.answeredBy': 'Write machine where this disposition says that no person answered, or leave it out.',
  'campaigns[].defaultDisposition': 'Write { name: none, effect: complete }.',
  'campaigns[].defaultDisposition.name': 'Write 1 to 40 letters, digits, spaces and _ . -',
  'campaigns[].defaultDisposition.effect': 'Write complete, redial or do-not-call.',
  'campaigns[].defaultDisposition.answeredBy': 'Write person or machine, or leave it out.',
  'campaigns[].attemptsMax': 'Write how often a contact is called at most, 1 to 100; 5 is usual.',
  'campaigns[].recycle': 'Write one line a cause, such as busy: { redialAfterMinutes: 10, attemptsMax: 3 }.',
  'campaigns[].recycle.<cause>': 'Write a cause of docs/end-causes.md in front and { redialAfterMinutes: 10, attemptsMax: 3 } behind it.',
  'campaigns[].recycle.<cause>.redialAfterMinutes': 'Write 0 or more.',
  'campaigns[].recycle.<cause>.attemptsMax': 'Write how many attempts may end so, 1 and more.',
  agents: 'List agents, each with id, phone, campaign and pin, or leave it out and make them by REST.',
  'agents[]': 'Write id, phone, campaign and pin.',
  'agents[].id': 'Give the agent a short name of lower-case letters, digits and hyphens, such as ana.',
  'agents[].name': 'Write the agent\'s name, up to 120 signs.',
  'agents[].phone': 'Write the name of the phone\'s endpoint in pjsip.conf, or of its user in the directory of FreeSWITCH, in quotes, such as "1001".',
  'agents[].campaign': 'Write the id of a campaign of this file.',
  'agents[].pin': 'Write 4 to 12 digits in quotes, such as "2468".',
  keypad: 'Write what differs from the defaults, or leave it out.',
  'keypad.pinDigitsMax': 'Write 4 to 12: the log-in is checked when so many digits were keyed, or at #.',
  'keypad.pinAttemptsMax': 'Write 1 to 10.',
  'keypad.pauseReasons': 'Write one line a digit, such as 1: break.',
  'keypad.pauseReasons.<digit>': 'Write a digit in front and a label of 1 to 40 letters, digits and spaces behind it.',
  'keypad.sounds': 'Write the sounds that differ from the defaults, or leave it out.',
  ...Object.fromEntries(
    ['enterPin', 'wrongPin', 'loggedIn', 'loggedOut', 'paused', 'resumed', 'connectBeep', 'wrapUpTone', 'notPossible'].map((name) => [
      `keypad.sounds.${name}`,
      'Name a sound without its extension, or leave it out.',
    ]),
  ),
  log: 'Write level below it, or leave it out.',
  'log.level': 'Write debug, info, warn or error.',
};

/** Keys that were called otherwise once, and what to do about them. */
export const RENAMED_KEYS: Readonly<Record<string, string>> = {
  'campaigns[].onNoSpeech': 'It is called onSilence now: rename it.',
  'campaigns[].recycle.no-speech': 'This cause is called false-answer now: rename it.',
  'campaigns[].recycle.tone': 'This cause was divided into fax and busy-tone: write a rule for each.',
};

/** Keys whose children are names that the writer chooses, by the word for such a name. */
const NAMED_CHILDREN: Readonly<Record<string, string>> = {
  'campaigns[].dispositions': '<digit>',
  'campaigns[].recycle': '<cause>',
  'keypad.pauseReasons': '<digit>',
};

/** `['trunks', 0, 'linesMax']` is `trunks[].linesMax`. */
export function patternOf(path: readonly PropertyKey[]): string {
  let pattern = '';
  for (const part of path) {
    const name = NAMED_CHILDREN[pattern];
    if (typeof part === 'number') pattern += '[]';
    else pattern += `${pattern === '' ? '' : '.'}${name ?? String(part)}`;
  }
  return pattern;
}

/** The path as a person reads it: `trunks[0].linesMax`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${String(part)}]` : `${text}${text === '' ? '' : '.'}${String(part)}`),
    '',
  );
}

/** What to do about a fault at this path: its own cure, or that of the key around it. */
export function cureOf(path: readonly PropertyKey[]): string {
  const cure = KEY_CURES[patternOf(path)];
  if (cure !== undefined) return cure;
  return path.length === 0 ? '' : cureOf(path.slice(0, -1));
}

/** The keys known directly below this path. */
export function knownKeysBelow(path: readonly PropertyKey[]): readonly string[] {
  const pattern = patternOf(path);
  if (NAMED_CHILDREN[pattern] === '<cause>') return END_CAUSES.map(({ name }) => name);
  const prefix = pattern === '' ? '' : `${pattern}.`;
  return Object.keys(KEY_CURES)
    .filter((key) => key !== '' && key.startsWith(prefix))
    .map((key) => key.slice(prefix.length))
    .filter((key) => /^[A-Za-z]+$/.test(key));
}
