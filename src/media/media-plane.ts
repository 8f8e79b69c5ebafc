import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { analysisOptionFaults } from '../amd/analysis-options.js';
import { spawnWorker } from '../loop/spawn-worker.js';
import { assertNever } from '../units/assert-never.js';
import type { AudioFormat, CallAudio } from '../telephony/call-audio.js';
import type { CallId } from '../units/ids.js';
import type {
  Analysis,
  CallAnalysisOptions,
  MediaCounts,
  MediaOrder,
  MediaReport,
  MediaWorkerData,
  SpeechEnd,
} from './media-message.js';
import type { SpeechScores } from './speech-scores.js';

/** Where and for whom the media plane works. */
export interface MediaPlaneOptions {
  /** Address to receive on; 127.0.0.1 where the switch runs on this machine. */
  readonly host: string;
  /** UDP port; 0 takes any free one. */
  readonly port: number;
  /** Only packets from this IP address are heard; left out, any sender's are. Needed when `host` is not loopback. */
  readonly switchAddress?: string | undefined;
  /** Told of every finding. */
  readonly onAnalysis: (analysis: Analysis) => void;
  /** Told once of what became of each marked piece of speech. */
  readonly onSpeechEnded?: (end: SpeechEnd) => void;
  /** The media thread failed and was started anew; calls that were being analysed were left to be treated as persons. */
  readonly onFailure: (detail: string) => void;
  /** Where frames get their probability of speech from; left out, calls are judged by the rules. */
  readonly scores?: SpeechScores;
  /** The learned judgement of who talks; left out, calls are judged by the rules. */
  readonly answerModelFile?: string | URL;
  /**
   * Why calls are judged by the rules although they should not be, in one
   * sentence with the cure; undefined when that is over.
   */
  readonly onDegraded?: (detail: string | undefined) => void;
}

/** What one port of the switch is for. */
interface AttachedTap {
  readonly callId: CallId;
  readonly format: AudioFormat;
  /** Told once; undefined when nobody asked or it was told. */
  onFirstAudio: (() => void) | undefined;
}

/** One analysis that is neither stopped nor finished. */
interface Listening {
  /** What an earlier analysis of the same call has found is told no more. */
  readonly runId: number;
  /** A verdict is due, should the thread fail. */
  isVerdictDue: boolean;
}

/** A thread that fails so often within so short a time is not started again. */
const RESTART_COUNT_MAX = 5;
const RESTART_WITHIN_MS = 60_000;

/** The audio of all calls: what the switch sends to it becomes verdicts, and what is said to calls leaves in time. */
export class MediaPlane implements CallAudio {
  readonly #options: MediaPlaneOptions;
  readonly #spawnThread: (data: MediaWorkerData) => Worker;
  readonly #tapByPort = new Map<number, AttachedTap>();
  /** Marks whose end was not told, with their calls. */
  readonly #callByMark = new Map<string, CallId>();
  readonly #analyses = new Map<CallId, Listening>();
  #runCount = 0;
  readonly #countWaiters: { resolve: (counts: MediaCounts) => void; reject: (error: Error) => void }[] = [];
  readonly #snippetWaiters: ((samples: Int16Array | undefined) => void)[] = [];
  /** Why there are no scores, or bad ones. */
  #scoresDetail: string | undefined;
  /** Why the learned judgement cannot be used. */
  #modelDetail: string | undefined;
  /** Why scores come too late. */
  #lateDetail: string | undefined;
  #degradedDetail: string | undefined;
  #worker: Worker;
  #port = 0;
  #receiveBufferBytes = 0;
  #restartsAtMs: number[] = [];
  #isClosing = false;
  /** The thread has ended and is not started again. */
  #isGone = false;
  #whenListening: { resolve: () => void; reject: (error: Error) => void } | undefined;

  private constructor(options: MediaPlaneOptions, spawnThread: (data: MediaWorkerData) => Worker) {
    this.#options = options;
    this.#spawnThread = spawnThread;
    this.#worker = this.#spawn(options.port);
    options.scores?.watch({
      ready: () => this.#openScoreLine(),
      troubled: (detail) => {
        this.#scoresDetail = detail;
        this.#tellDegraded();
      },
    });
  }

  /**
   * Starts the thread and its socket.
   * @param spawnThread starts one media thread; again whenever one has failed.
   * @throws Error when the address cannot be listened on.
   */
  static async start(options: MediaPlaneOptions, spawnThread = spawnMediaThread): Promise<MediaPlane> {
    const plane = new MediaPlane(options, spawnThread);
    await new Promise<void>((resolve, reject) => {
      plane.#whenListening = { resolve, reject };
    });
    return plane;
  }

  /** Where the switch is to send audio, as `host:port`. */
  get address(): string {
    const { host } = this.#options;
    return `${host.includes(':') ? `[${host}]` : host}:${this.#port}`;
  }

  /** What the kernel gave for packets on their way; `doctor` warns when it is small. */
  get receiveBufferBytes(): number {
    return this.#receiveBufferBytes;
  }

  /** The switch sends this call's audio from this UDP port. To be said before audio can flow. */
  attach(sourcePort: number, callId: CallId, format: AudioFormat, onFirstAudio?: () => void): void {
    this.#tapByPort.set(sourcePort, { callId, format, onFirstAudio });
    this.#order({ type: 'attach', sourcePort, callId, format });
  }

  /** No more audio comes from this port; an analysis of its call goes on with silence until it is stopped. */
  detach(sourcePort: number): void {
    this.#tapByPort.delete(sourcePort);
    this.#order({ type: 'detach', sourcePort });
  }

  /**
   * Begins to analyse who answered: `answer-analysed` follows, in time even if
   * no audio ever comes, and after a machine perhaps `greeting-ended`. Before
   * the answer, with the phase `early-media`, it is `early-media-analysed`. A
   * second time for the same call begins anew with the audio from then on.
   * @throws RangeError naming every option out of its range.
   */
  analyse(callId: CallId, options: CallAnalysisOptions = {}): void {
    const faults = analysisOptionFaults(options);
    if (faults.length > 0) throw new RangeError(faults.join(' '));
    const runId = ++this.#runCount;
    const isVerdictDue = options.phase !== 'early-media';
    this.#analyses.set(callId, { runId, isVerdictDue });
    if (!this.#isGone) this.#order({ type: 'analyse', callId, runId, options });
    // Later, as from a living thread, so that no finding comes before `analyse` returns.
    else queueMicrotask(() => this.#endUnheard(callId, runId));
  }

  /** Nothing more is told of this call; harmless at any time. */
  stop(callId: CallId): void {
    this.#analyses.delete(callId);
    this.#order({ type: 'stop', callId });
  }

  /**
   * Says something to a tapped call, after what waits to be said already: one
   * frame of 20 ms at a time, to where its audio comes from. No more than 60 s
   * may wait for one call; a piece that does not fit is refused, and so is
   * one for a call that is not tapped.
   * @param samples at 8 kHz; copied.
   * @param markId asks to be told what became of it; unique as long as it waits.
   */
  speak(callId: CallId, samples: Int16Array, markId?: string): void {
    if (markId !== undefined) this.#callByMark.set(markId, callId);
    // As from a living thread, later.
    if (this.#isGone) queueMicrotask(() => this.#endMarks('refused'));
    else this.#order({ type: 'speak', callId, samples: samples.slice(), markId });
  }

  /** Drops at once what waits to be said to a call, as when it is interrupted; harmless at any time. */
  hush(callId: CallId): void {
    this.#order({ type: 'hush', callId });
  }

  /** Totals of the thread, for the log and `doctor`; rejected when the thread ends before it answers. */
  counts(): Promise<MediaCounts> {
    if (this.#isGone) return Promise.reject(new Error('The media thread has ended.'));
    return new Promise((resolve, reject) => {
      this.#countWaiters.push({ resolve, reject });
      this.#order({ type: 'count' });
    });
  }

  /**
   * The first 20 s of a call's analysed audio, or what there is of them, at 8 kHz; of an
   * analysis that keeps its snippet, for half an hour after its end, and of
   * the fifty latest. Otherwise undefined.
   */
  snippet(callId: CallId): Promise<Int16Array | undefined> {
    if (this.#isGone) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#snippetWaiters.push(resolve);
      this.#order({ type: 'snippet', callId });
    });
  }

  /** Stops the thread and frees the port; may be called twice. */
  async close(): Promise<void> {
    if (this.#isClosing || this.#isGone) return;
    this.#isClosing = true;
    const worker = this.#worker;
    const exited = new Promise((resolve) => worker.once('exit', resolve));
    this.#order({ type: 'close' });
    await exited;
  }

  #order(order: MediaOrder): void {
    this.#worker.postMessage(order);
  }

  #spawn(port: number): Worker {
    const { host, switchAddress, answerModelFile: file } = this.#options;
    const answerModelFile = file === undefined || typeof file === 'string' ? file : fileURLToPath(file);
    const worker = this.#spawnThread({ host, port, switchAddress, answerModelFile });
    let detail: string | undefined;
    worker.on('message', (message: MediaReport) => {
      if (message.type === 'not-listening') detail = message.detail;
      else this.#onReport(message);
    });
    worker.once('error', (error) => {
      detail = error instanceof Error ? error.message : String(error);
    });
    worker.once('exit', (code) => this.#onExit(detail ?? `the thread ended with code ${code}`));
    return worker;
  }

  #onReport(message: Exclude<MediaReport, { type: 'not-listening' }>): void {
    switch (message.type) {
      case 'listening':
        this.#port = message.port;
        this.#receiveBufferBytes = message.receiveBufferBytes;
        this.#whenListening?.resolve();
        return;
      case 'analysed':
        return this.#onAnalysed(message.runId, message.analysis);
      case 'audio-came':
        return this.#onAudioCame(message.sourcePort, message.callId);
      case 'speech-ended':
        return this.#onSpeechEnded(message.end);
      case 'finished':
        if (this.#analyses.get(message.callId)?.runId === message.runId) this.#analyses.delete(message.callId);
        return;
      case 'answer-model-refused':
        this.#modelDetail = message.detail;
        return this.#tellDegraded();
      case 'scores-late':
        this.#lateDetail = message.detail;
        return this.#tellDegraded();
      case 'snippet':
        return this.#snippetWaiters.shift()?.(message.samples);
      case 'counted':
        this.#countWaiters.shift()?.resolve(message.counts);
        return;
      default:
        return assertNever(message);
    }
  }

  /** What was stopped or begun anew while its finding was on the way is not told. */
  #onAnalysed(runId: number, analysis: Analysis): void {
    const listening = this.#analyses.get(analysis.callId);
    if (listening?.runId !== runId) return;
    if (analysis.type === 'answer-analysed' && analysis.stage === 'decided') listening.isVerdictDue = false;
    this.#options.onAnalysis(analysis);
  }

  /** Nothing more can be heard of a call: a verdict that is due comes from nothing. */
  #endUnheard(callId: CallId, runId: number): void {
    const listening = this.#analyses.get(callId);
    if (listening?.runId !== runId) return;
    if (listening.isVerdictDue) this.#onAnalysed(runId, unheard(callId));
    this.#analyses.delete(callId);
  }

  #openScoreLine(): void {
    const port = this.#options.scores?.openLine();
    if (port !== undefined) this.#worker.postMessage({ type: 'score-line', port } satisfies MediaOrder, [port]);
  }

  #tellDegraded(): void {
    const detail = this.#scoresDetail ?? this.#modelDetail ?? this.#lateDetail;
    if (detail === this.#degradedDetail || this.#isClosing) return;
    this.#degradedDetail = detail;
    this.#options.onDegraded?.(detail);
  }

  #onSpeechEnded(end: SpeechEnd): void {
    if (this.#callByMark.delete(end.markId)) this.#options.onSpeechEnded?.(end);
  }

  #endMarks(outcome: SpeechEnd['outcome']): void {
    for (const [markId, callId] of [...this.#callByMark]) this.#onSpeechEnded({ callId, markId, outcome });
  }

  /** A port may have passed on to another call while the word was on its way. */
  #onAudioCame(sourcePort: number, callId: CallId): void {
    const tap = this.#tapByPort.get(sourcePort);
    if (tap?.callId !== callId) return;
    const { onFirstAudio } = tap;
    tap.onFirstAudio = undefined;
    onFirstAudio?.();
  }

  #onExit(detail: string): void {
    const ended = new Error('The media thread has ended.');
    for (const waiter of this.#countWaiters.splice(0)) waiter.reject(ended);
    for (const resolve of this.#snippetWaiters.splice(0)) resolve(undefined);
    if (this.#isClosing) return;
    if (this.#port !== 0) return this.#onFailure(detail);
    const { host, port } = this.#options;
    this.#isGone = true;
    this.#whenListening?.reject(
      new Error(`Call audio cannot be received on ${host}:${port}: ${detail}. Choose another media address or port.`),
    );
  }

  /** Doubt is a person: calls that were being listened to go to agents, and the next ones are heard again. */
  #onFailure(detail: string): void {
    const nowMs = performance.now();
    this.#restartsAtMs = [...this.#restartsAtMs.filter((atMs) => nowMs - atMs < RESTART_WITHIN_MS), nowMs];
    this.#isGone = this.#restartsAtMs.length > RESTART_COUNT_MAX;
    if (!this.#isGone) {
      this.#worker = this.#spawn(this.#port);
      for (const [sourcePort, { callId, format }] of this.#tapByPort) this.#order({ type: 'attach', sourcePort, callId, format });
      this.#openScoreLine();
    }
    this.#lateDetail = undefined;
    this.#tellDegraded();
    this.#endMarks('hushed');
    this.#options.onFailure(this.#isGone ? `${detail}; failed too often, calls are heard no more` : detail);
    for (const [callId, { runId }] of [...this.#analyses]) this.#endUnheard(callId, runId);
  }
}

/** The thread of media-worker.ts. */
export function spawnMediaThread(data: MediaWorkerData): Worker {
  return spawnWorker(new URL('./media-worker.js', import.meta.url), { name: 'media', workerData: data });
}

/** The verdict on a call that could not be listened to. */
function unheard(callId: CallId): Analysis {
  return {
    type: 'answer-analysed',
    callId,
    stage: 'decided',
    verdict: 'unsure',
    probabilityRatio: 0,
    machineProbabilityRatio: 0,
    reason: 'the call could not be listened to; doubt is a person',
    decidedAfterMs: 0,
    silentForMs: 0,
    detail: undefined,
    modelName: 'none',
    features: {},
  };
}
