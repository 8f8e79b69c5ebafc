import type { MessagePort } from 'node:worker_threads';

/** Where the media plane gets the probability of speech in each frame from; inference/ has it. */
export interface SpeechScores {
  /** Tells of everything from now on, and at once of what is so already. */
  watch(watcher: {
    /** Lines can be opened; those from before are closed. */
    ready(): void;
    /** Why there are no scores, or bad ones, in one sentence with the cure; undefined when all is well again. */
    troubled(detail: string | undefined): void;
  }): void;
  /** A new line: what is posted to it comes back scored. Undefined while there are no scores. */
  openLine(): MessagePort | undefined;
}
