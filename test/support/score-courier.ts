import { once } from 'node:events';
import type { MessagePort } from 'node:worker_threads';
import type { Inference } from '../../src/inference/inference.js';
import type { ScoreBatch } from '../../src/inference/score-batch.js';
import type { SpeechLine } from '../../src/media/speech-line.js';
import type { MonotonicMs } from '../../src/units/time.js';

/**
 * Carries batches between a line and the thread of scores, and hands them over
 * when the test says so: the line's clock is the test's, the thread's is not.
 */
export class ScoreCourier {
  readonly #line: SpeechLine;
  readonly #port: MessagePort;
  readonly #arrived: ScoreBatch[] = [];
  #onWayCount = 0;
  /** Rows of all batches so far. */
  rowCount = 0;

  private constructor(line: SpeechLine, port: MessagePort) {
    this.#line = line;
    this.#port = port;
    port.on('message', (batch: ScoreBatch) => this.#arrived.push(batch));
  }

  /** Connects the line to the thread. */
  static async connect(line: SpeechLine, inference: Inference, now: MonotonicMs): Promise<ScoreCourier> {
    await inference.settled;
    const port = inference.openLine();
    if (port === undefined) throw new Error('There are no scores.');
    const courier = new ScoreCourier(line, port);
    line.connect((batch, moved) => {
      courier.#onWayCount++;
      courier.rowCount += batch.rowCount;
      port.postMessage(batch, moved);
    }, now);
    return courier;
  }

  /** Batches the line waits for. */
  get onWayCount(): number {
    return this.#onWayCount;
  }

  /** Hands over all that is on its way, and what is sent on meanwhile. */
  async deliver(now: MonotonicMs): Promise<void> {
    while (this.#onWayCount > 0) {
      const batch = this.#arrived.shift();
      if (batch === undefined) {
        await once(this.#port, 'message');
        continue;
      }
      this.#onWayCount--;
      this.#line.answered(batch, now);
    }
  }

  close(): void {
    this.#port.close();
  }
}
