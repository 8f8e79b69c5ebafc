/**
 * State machines as tables. A cell says what one kind of news does to one
 * state: it leads on, it is late (ordinary in telephony: news crosses orders
 * on the wire), or it is impossible (our bug or the switch's).
 */
export type Row<State extends string> =
  | { readonly kind: 'to'; readonly state: State }
  | { readonly kind: 'late'; /** Why it can still arrive. */ readonly why: string }
  | { readonly kind: 'impossible' };

/** A whole machine: every state against every kind of news. */
export type TransitionTable<State extends string, News extends string> = Readonly<
  Record<State, Readonly<Record<News, Row<State>>>>
>;

/** The news leads to this state. */
export const to = <State extends string>(state: State): Row<State> => ({ kind: 'to', state });

/** The news is ordinary but changes nothing any more. */
export const late = (why: string): Row<never> => ({ kind: 'late', why });

/** The news cannot come in this state; whoever sent it is wrong. */
export const impossible: Row<never> = { kind: 'impossible' };

/** One state's cells: the named ones, and the same row for all other news. */
export function cells<State extends string, News extends string>(
  allNews: readonly News[],
  otherwise: Row<State>,
  named: Partial<Record<News, Row<State>>>,
): Record<News, Row<State>> {
  return Object.fromEntries(allNews.map((news) => [news, named[news] ?? otherwise])) as Record<
    News,
    Row<State>
  >;
}
