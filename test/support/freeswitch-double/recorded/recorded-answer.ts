import { recordedFlow } from './recorded-flow.js';

/** What the recorded switch answered to an `api` command, the first time. @throws Error when it was not asked. */
export function recordedAnswer(flow: string, command: string): string {
  const [answer] = recordedAnswers(flow, command);
  if (answer === undefined) throw new Error(`Flow ${flow} holds no answer to ${command}.`);
  return answer;
}

/** All that it answered to a command in one flow, in order. */
export const recordedAnswers = (flow: string, command: string): readonly string[] => recordedFlow(flow).answers.get(command) ?? [];
