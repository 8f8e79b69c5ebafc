import { setImmediate as turn } from 'node:timers/promises';
import { FreeswitchDouble } from '../../support/freeswitch-double/freeswitch-double.js';
import type { FreeswitchDoubleOptions } from '../../support/freeswitch-double/double-options.js';
import { recordedFlow, splitMessage } from '../../support/freeswitch-double/recorded/recorded-flow.js';
import { epochMs } from '../../../src/units/time.js';
import { EslProbe } from './esl-probe.js';

/** How a flow is played again. */
export interface ReplayPlan {
  readonly flow: string;
  /** Made anew for each try. */
  readonly options?: () => FreeswitchDoubleOptions;
  /** What the recording's operator or far end did, at so many seconds. */
  readonly acts?: readonly (readonly [number, (double: FreeswitchDouble) => void])[];
  /** Records from and to these seconds are left out: what the double does not have. */
  readonly without?: readonly (readonly [number, number])[];
  /** Commands left out. */
  readonly withoutCommands?: readonly string[];
  /** Recorded legs left out, by the beginnings of their uuids. */
  readonly withoutLegs?: readonly string[];
}

/** One command of the recording with both answers. */
export interface ReplayedCommand {
  readonly command: string;
  readonly recorded: string;
  readonly replayed: string;
}

/** What a replay gave. */
export interface Replay {
  readonly commands: readonly ReplayedCommand[];
  /** Events as recorded and as replayed, by connection and leg, conference, job or user; each event in a few words. */
  readonly recorded: ReadonlyMap<string, readonly string[]>;
  readonly replayed: ReadonlyMap<string, readonly string[]>;
}

type Event = Readonly<Record<string, string | readonly string[]>>;
interface Heard {
  readonly connection: string;
  readonly event: Event;
}

/** Told only to clients that want everything, or made by the sound itself. */
const LEFT_OUT = new Set([
  'CHANNEL_STATE', 'API', 'CODEC', 'CALL_UPDATE', 'PRESENCE_IN', 'HEARTBEAT', 'RE_SCHEDULE', 'CHANNEL_OUTGOING', 'RELOADXML', 'ADD_SCHEDULE',
  'floor-change', 'start-talking', 'stop-talking',
]);

/** Real time that a command which needs none of the double's may take. */
const ANSWER_TURNS = 400;
const STEP_MS = 5;
/** An answer that took no longer was waited for by the recording's client. */
const AT_ONCE_MS = 200;

interface RecordedAnswer {
  readonly said: string;
  readonly atMs: number;
}

interface Asked {
  readonly command: string;
  readonly recorded: string;
  readonly probe: EslProbe;
  /** Which of the connection's answers is its own. */
  readonly index: number;
}

/** Plays the client's side of a recording to the double and keeps both sides of the answer. */
export async function replay(plan: Omit<ReplayPlan, 'options'> & { readonly options: FreeswitchDoubleOptions }): Promise<Replay> {
  const flow = recordedFlow(plan.flow);
  const double = await FreeswitchDouble.start({ timeScale: 'manual', startedAtMs: epochMs(flow.startedAtMs), ...plan.options });
  try {
    return await new Player(plan, double).play();
  } finally {
    await double.close();
  }
}

class Player {
  readonly #plan: Omit<ReplayPlan, 'options'>;
  readonly #double: FreeswitchDouble;
  readonly #probes = new Map<string, EslProbe>();
  readonly #asked: Asked[] = [];
  /** Recorded answers, by connection. */
  readonly #expected = new Map<string, RecordedAnswer[]>();
  readonly #recordedEvents: Heard[] = [];

  constructor(plan: Omit<ReplayPlan, 'options'>, double: FreeswitchDouble) {
    this.#plan = plan;
    this.#double = double;
  }

  async play(): Promise<Replay> {
    const { records } = recordedFlow(this.#plan.flow);
    this.#gatherRecorded();
    const acts = [...(this.#plan.acts ?? [])];
    for (const record of records) {
      if (record.kind === 'note' || this.#isLeftOut(record.atMs / 1000)) continue;
      for (let act = acts[0]; act !== undefined && act[0] * 1000 <= record.atMs; act = acts[0]) {
        acts.shift();
        await this.#advance(act[0] * 1000);
        act[1](this.#double);
      }
      if (record.kind === 'open') await this.#open(record.connection, record.atMs);
      if (record.kind === 'sent') await this.#send(record.connection, record.bytes, record.atMs);
      if (record.kind === 'close-by-client') await this.#close(record.connection, record.atMs);
    }
    await this.#advance(this.#double.nowMs + 1_000);
    await settled();
    const replayedEvents = [...this.#probes].flatMap(([connection, { events }]) => events.map((event) => ({ connection, event })));
    for (const probe of this.#probes.values()) probe.close();
    const common = commonSubjects(this.#recordedEvents, replayedEvents);
    return { commands: this.#asked.map((asked) => this.#answered(asked)), recorded: grouped(this.#recordedEvents, common), replayed: grouped(replayedEvents, common) };
  }

  #isLeftOut(seconds: number): boolean {
    return (this.#plan.without ?? []).some(([from, to]) => seconds > from && seconds < to);
  }

  #gatherRecorded(): void {
    for (const record of recordedFlow(this.#plan.flow).records) {
      if (record.kind !== 'received' || this.#isLeftOut(record.atMs / 1000)) continue;
      const { head, body } = splitMessage(record.bytes);
      if (head.includes('text/event-json')) {
        const event = JSON.parse(body) as Event;
        const isLeftOut =
          this.#plan.withoutLegs?.some((start) => text(event, 'Unique-ID').startsWith(start)) === true ||
          this.#plan.withoutCommands?.some((part) => text(event, 'Job-Command-Arg').includes(part)) === true;
        if (!isLeftOut) this.#recordedEvents.push({ connection: record.connection, event });
      }
      if (/command\/reply|api\/response/.test(head)) {
        const said = head.includes('api/response') ? body : head.slice(head.indexOf('Reply-Text: ') + 12);
        this.#expected.set(record.connection, [...(this.#expected.get(record.connection) ?? []), { said, atMs: record.atMs }]);
      }
    }
  }

  async #close(connection: string, atMs: number): Promise<void> {
    await this.#advance(atMs);
    await settled();
    this.#probes.get(connection)?.close();
  }

  async #open(connection: string, atMs: number): Promise<void> {
    await this.#advance(atMs);
    const probe = await EslProbe.open(this.#double.port);
    this.#probes.set(connection, probe);
    await probe.until('a greeting', () => probe.messages.length > 0 || probe.isClosed);
  }

  async #send(connection: string, bytes: Buffer, atMs: number): Promise<void> {
    const probe = this.#probes.get(connection);
    if (probe === undefined) throw new Error(`The connection ${connection} is not open.`);
    const command = bytes.toString('utf8').trim();
    const expected = this.#expected.get(connection)?.shift() ?? { said: '', atMs };
    if (this.#plan.withoutCommands?.some((part) => command.includes(part)) === true) return;
    await this.#advance(atMs);
    const index = this.#asked.filter((asked) => asked.probe === probe).length;
    this.#asked.push({ command, recorded: expected.said, probe, index });
    probe.write(bytes);
    // A command that blocked its connection for long does so again, while others go on.
    if (expected.atMs - atMs < AT_ONCE_MS) await this.#untilAnswered(probe, index, command);
    else await settled();
  }

  #answered({ command, recorded, probe, index }: Asked): ReplayedCommand {
    const reply = probe.replies[index];
    const replayed = reply?.type === 'api/response' ? reply.body : (reply?.head.slice(reply.head.indexOf('Reply-Text: ') + 12) ?? '');
    return { command, recorded, replayed };
  }

  /** Some commands take time of the double's, and it only passes by our hand. */
  async #untilAnswered(probe: EslProbe, index: number, command: string): Promise<void> {
    const giveUpAtMs = this.#double.nowMs + 40_000;
    for (let turns = 0; probe.replies.length <= index; turns++) {
      await turn();
      if (turns < ANSWER_TURNS) continue;
      if (this.#double.nowMs > giveUpAtMs || probe.isClosed) throw new Error(`There is no answer to: ${command}`);
      await this.#advance(this.#double.nowMs + STEP_MS);
    }
  }

  /** In steps, so that what happens is written before the next thing does. */
  async #advance(toMs: number): Promise<void> {
    if (toMs <= this.#double.nowMs) return;
    this.#double.advanceTo(toMs);
    await turn();
  }
}

/** What has been written has been read. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < ANSWER_TURNS; turns++) await turn();
}

const subjectsOf = (events: readonly Heard[]): ReadonlySet<string> =>
  new Set(events.flatMap(({ connection, event }) => subjectOf(event)?.replace(/^/, `${connection} `) ?? []));

/** What goes by one name in both: ids that the client gave. */
function commonSubjects(one: readonly Heard[], other: readonly Heard[]): ReadonlySet<string> {
  const others = subjectsOf(other);
  return new Set([...subjectsOf(one)].filter((subject) => others.has(subject)));
}

/** Events by what they are about. */
function grouped(events: readonly Heard[], common: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string>();
  const groups = new Map<string, string[]>();
  for (const { connection, event } of events) {
    const words = inWords(event);
    if (words === undefined) continue;
    const about = subjectOf(event);
    if (about === undefined) continue;
    const subject = `${connection} ${about}`;
    // Ids that the server minted differ; their order does not.
    const ordinal = (): number => [...names.keys()].filter((key) => !common.has(key) && kindOf(key) === kindOf(subject)).length + 1;
    const name = names.get(subject) ?? (common.has(subject) ? subject : `${kindOf(subject)} ${String(ordinal())}`);
    names.set(subject, name);
    groups.set(name, [...(groups.get(name) ?? []), words]);
  }
  return groups;
}

const kindOf = (subject: string): string => subject.slice(0, subject.indexOf(':'));
const text = (event: Event, name: string): string => {
  const value = event[name];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
};

function subjectOf(event: Event): string | undefined {
  if (event['Job-UUID'] !== undefined) return `job:${text(event, 'Job-UUID')}`;
  if (event['Unique-ID'] !== undefined) return `leg:${text(event, 'Unique-ID')}`;
  if (event['Conference-Name'] !== undefined) return `conference:${text(event, 'Conference-Name')}`;
  const user = text(event, 'from-user') === '' ? text(event, 'user') : text(event, 'from-user');
  return text(event, 'Event-Subclass').startsWith('sofia::') && user !== '' ? `user:${user}` : undefined;
}

/** The name of an event and what in it decides; undefined for those that are not compared. */
function inWords(event: Event): string | undefined {
  const name = text(event, 'Event-Name');
  const subclass = text(event, 'Event-Subclass');
  const action = subclass === 'conference::maintenance' ? text(event, 'Action') : subclass;
  const shown = name === 'CUSTOM' ? action : name;
  if (LEFT_OUT.has(shown)) return undefined;
  const parts = [
    'Channel-State', 'Channel-Call-State', 'Answer-State', 'Application', 'Application-Data', 'Application-Response', 'Hangup-Cause', 'Playback-Status',
    'Playback-File-Path', 'Record-File-Path', 'Record-Completion-Cause', 'DTMF-Digit', 'DTMF-Duration', 'DTMF-Source', 'Member-ID', 'Conference-Size',
    'Media-Bug-Function', 'variable_hangup_cause_q850', 'variable_sip_term_status', 'variable_sip_hangup_disposition', 'variable_dialer_note', 'File',
  ];
  const values = parts.map((part) => text(event, part)).filter((value) => value !== '');
  const body = event['_body'] === undefined ? [] : [text(event, '_body').trim()];
  return [shown, ...values, ...body].join(' ').replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>');
}
