import { switchSample, type SwitchSampleValues } from './switch-sample.js';

/** What the rest of the sample calls the switch's things. */
const WORDS = {
  asterisk: {
    passwordVariables: 'OUTDIAL_ARI_PASSWORD, OUTDIAL_AMI_PASSWORD',
    endpointSample: 'Endpoint of pjsip.conf; default: the name.',
  },
  freeswitch: {
    passwordVariables: 'OUTDIAL_ESL_PASSWORD',
    endpointSample: 'Gateway of the SIP profile for trunks; default: the name.',
  },
} as const;

/** The configuration that `outdial init` writes: every key explained, and as it stands one that a campaign can run on. */
export function sampleConfig(values: SwitchSampleValues): string {
  const { passwordVariables, endpointSample } = WORDS[values.kind];
  return `# Outdial's configuration. "outdial doctor" checks it against your switch.
# Keys that are commented out show their default. Paths are meant from the
# folder of this file. Passwords may stand in the environment instead:
# ${passwordVariables}, OUTDIAL_API_KEYS.

# Name of this call centre: lower-case letters, digits, hyphens.
tenant: main

# REST, live feed and wallboard.
http:
  # 127.0.0.1: this machine alone. 0.0.0.0: every network; apiKeys are needed then.
  host: 127.0.0.1
  port: 8080
  # Each at least 16 signs ("openssl rand -hex 16"). Programs send one as
  # "Authorization: Bearer <key>"; a wallboard is opened once as /?key=<key>.
  #apiKeys: []

# Contacts, calls and results: one SQLite file on a local disk.
store:
  file: outdial-data/outdial.sqlite
  # Days for which snippets of disputed calls are kept.
  #snippetDays: 30

${switchSample(values)}
# Where this service receives call audio (RTP) from the switch.
media:
  # When the switch runs on another machine: the address of this one.
  #host: 127.0.0.1
  # UDP; 0 takes any free port. Give a fixed one to open it in a firewall.
  #port: 0

# Lines to the telephone network.
trunks:
  - name: trunk
    # ${endpointSample}
    #endpoint: trunk
    # How the carrier wants numbers: e164-plus (+12025550143), e164
    # (12025550143), or prefix with numberPrefix in the place of the +.
    #numberForm: e164-plus
    #numberPrefix: "00"
    # New calls a second, and calls at one time, that the carrier allows.
    callsPerSecondMax: 5
    linesMax: 60
    # Shown to contacts where a campaign names no number of its own.
    callerNumber: "+12025550100"

# Campaigns made or changed at every start. Others can be made by REST.
campaigns:
  - id: spring
    name: Spring campaign
    trunk: trunk
    #callerNumber: "+12025550100"
    # Country in which imported numbers without + are read.
    country: US
    # One line a free agent; or { mode: power, linesPerAgent: 1.5 }.
    pacing: { mode: progressive }
    # Default: as the trunk.
    #callsPerSecondMax: 5
    #linesMax: 60
    # 15 to 120. The law asks for 15 s or four rings.
    ringTimeoutSeconds: 25
    callingHours:
      timeZone: America/New_York
      weekdays: [mon, tue, wed, thu, fri]
      from: "09:00"
      to: "20:00"
    # Whether it is found out who answered; off, everybody counts as a person.
    #analyseAnswers: true
    # hang-up or leave-message (after the greeting; machineMessage names it).
    #onMachine: hang-up
    #machineMessage: machine-message
    # When an agent is given an answered call. hold: once it is known that a
    # person may be there. connect-probable: as soon as that is likely.
    # connect-at-answer: at once where an agent is free. The last two take a
    # call back that is no person's; a switch that lets no call be heard while
    # an agent has it holds.
    #answerHandling: hold
    # Not taken back from an agent who has had it for longer.
    #takeBackLimitSeconds: 10
    # hang-up or connect: assistants that ask who calls, spoken menus, silence.
    #onScreening: hang-up
    #onMenu: hang-up
    #onSilence: hang-up
    # How many machines an agent may rather hear than that one person is hung
    # up on, 20 to 1000.
    #lostPersonCost: 199
    # Hears tones and announcements of the network before the answer.
    #listenBeforeAnswer: true
    # Keeps the first seconds of calls whose verdict the agent contradicts.
    #keepDisputedSnippets: false
    # Longest wait for an agent after the greeting; 2 s by law.
    #agentWaitSeconds: 2
    # Heard by people who found no agent in time: who called, a number, and
    # "press 9 not to be called again". Record your own.
    safeHarbourMessage: safe-harbour
    # Heard by the agent alone at connect, after the beep.
    #whisper: spring-campaign
    # Stereo, contact left and agent right.
    #record: true
    # Then the default disposition is taken and the agent is available again.
    wrapUpSeconds: 30
    # What the agent keys in wrap-up. Effects: complete, redial, do-not-call.
    # answeredBy: machine says that no person was there.
    dispositions:
      1: { name: sale, effect: complete }
      2: { name: not interested, effect: complete }
      3: { name: call again, effect: redial }
      8: { name: answering machine, effect: redial, answeredBy: machine }
      9: { name: do not call, effect: do-not-call }
    #defaultDisposition: { name: none, effect: complete }
    # A contact is called at most so often.
    attemptsMax: 5
    # When to try again after a cause, and how often; docs/end-causes.md lists
    # the causes and their own waiting times.
    recycle:
      busy: { redialAfterMinutes: 10, attemptsMax: 3 }
      no-answer: { redialAfterMinutes: 120, attemptsMax: 3 }

# People who talk to contacts. The PIN is keyed after the log-in code *50;
# only its hash is stored.
agents:
  - id: ana
    name: Ana Example
    phone: "1001"
    campaign: spring
    pin: "2468"
  - id: ben
    name: Ben Example
    phone: "1002"
    campaign: spring
    pin: "1357"

# What agents key and hear on their phones.
keypad:
  # The log-in is checked when so many digits were keyed, or at #.
  #pinDigitsMax: 6
  #pinAttemptsMax: 3
  # *1 and one of these digits pauses with that reason.
  pauseReasons:
    1: break
    2: lunch
    3: training
    4: meeting
    5: paperwork
  #sounds:
  #  enterPin: enter-pin
  #  wrongPin: wrong-pin
  #  loggedIn: logged-in
  #  loggedOut: logged-out
  #  paused: paused
  #  resumed: resumed
  #  connectBeep: connect-beep
  #  wrapUpTone: wrap-up-tone
  #  notPossible: not-possible

log:
  # debug, info, warn or error. Logs are JSON lines, phone numbers masked.
  level: info
`;
}
