import type { MessagePort } from 'node:worker_threads';

/** What the thread of scores is started with. */
export interface InferenceWorkerData {
  /** Path of the ONNX file. */
  readonly modelFile: string;
}

/** What the thread of scores is told. */
export type InferenceOrder =
  /** Batches come by this port, and go back by it when they are scored. */
  | { readonly type: 'line'; readonly port: MessagePort }
  | { readonly type: 'close' };

/** What the thread of scores tells. */
export type InferenceReport =
  | { readonly type: 'ready' }
  /** The model cannot be used; the thread ends. */
  | { readonly type: 'refused'; readonly detail: string }
  /** The model gave what is no probability for so many rows since the last word of it. */
  | { readonly type: 'nonsense'; readonly rowCount: number };
