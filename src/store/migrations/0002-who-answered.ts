import type { Migration } from '../migration.js';

/** Columns of what was heard, judged and said about who answered. */
const COLUMNS = [
  'verdict_stage text',
  'verdict_detail text',
  'machine_probability_ratio real',
  'verdict_model text',
  'features_json text',
  "verdicts_json text not null default '[]'",
  'early_media text',
  'early_media_detail text',
  'early_media_reason text',
  'is_taken_back integer not null default 0',
  'taken_back_at_ms integer',
  'taken_back_agent_id text',
  'taken_back_why text',
  'held_ms real',
  'answered_by text',
  'snippet_path text',
];

/**
 * Rows of the words that were used before. A `tone` was told apart by the
 * reason alone, whose wording is the analysis' of that time; what it does not
 * name is a fax, as the old word's meaning began.
 */
const ATTEMPTS = [
  "update attempts set verdict_stage = 'decided' where verdict is not null",
  "update attempts set verdict = 'silence' where verdict = 'no-speech'",
  `update attempts set verdict = case
     when cause = 'intercept' or verdict_reason like 'special information tones%' then 'intercept'
     when verdict_reason like 'ringing%' then 'ringing'
     when verdict_reason like 'busy tone%' or verdict_reason like 'reorder tone%' or verdict_reason like 'dial tone%' then 'busy'
     else 'fax' end
   where verdict = 'tone'`,
  `update attempts set cause = case verdict when 'ringing' then 'false-answer' when 'busy' then 'busy-tone' else 'fax' end,
     blame = case verdict when 'ringing' then 'carrier' when 'busy' then 'carrier' else 'contact' end
   where cause = 'tone'`,
  "update attempts set cause = 'false-answer', blame = 'carrier' where cause = 'no-speech'",
];

/** How often each cause has ended an attempt at a contact: sums under the new names. */
const CONTACTS = [
  ['no-speech', 'false-answer'],
  ['tone', 'fax'],
].map(
  ([former, name]) => `update contacts set count_by_cause_json = json_set(
     json_remove(count_by_cause_json, '$."${String(former)}"'),
     '$."${String(name)}"',
     json_extract(count_by_cause_json, '$."${String(former)}"') + coalesce(json_extract(count_by_cause_json, '$."${String(name)}"'), 0))
   where json_extract(count_by_cause_json, '$."${String(former)}"') is not null`,
);

/** Settings under their new names, and the new ones as they are by default. */
const CAMPAIGNS = [
  `update campaigns set config_json = json_set(json_remove(config_json, '$.onNoSpeech'),
     '$.onSilence', coalesce(json_extract(config_json, '$.onNoSpeech'), 'hang-up'),
     '$.answerHandling', 'hold',
     '$.takeBackLimitMs', 10000,
     '$.onScreening', 'hang-up',
     '$.onMenu', 'hang-up',
     '$.lostPersonCost', 199,
     '$.listensBeforeAnswer', json('true'),
     '$.keepsDisputedSnippets', json('false'))`,
  ...[
    ['no-speech', 'false-answer'],
    ['tone', 'fax'],
    // The rule of a tone held for faxes and busy tones alike.
    ['tone', 'busy-tone'],
  ].map(
    ([former, name]) => `update campaigns set config_json = json_set(config_json, '$.recycle."${String(name)}"',
       json_extract(config_json, '$.recycle."${String(former)}"'))
     where json_extract(config_json, '$.recycle."${String(former)}"') is not null`,
  ),
  `update campaigns set config_json = json_remove(config_json, '$.recycle."no-speech"', '$.recycle.tone')`,
];

/** Ten verdicts in the place of four, how each came about, what was heard before the answer, and what agents said of it. */
export const whoAnswered: Migration = {
  name: '0002-who-answered',
  statements: [...COLUMNS.map((column) => `alter table attempts add column ${column}`), ...ATTEMPTS, ...CONTACTS, ...CAMPAIGNS],
};
