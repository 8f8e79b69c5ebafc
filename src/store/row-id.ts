import { contactId, type ContactId } from '../units/ids.js';

/**
 * A contact's id outside the store is its row's number in decimal. Anything
 * else names no row: 0, which no row has.
 */
export const rowIdOf = (id: ContactId): number => (/^[1-9][0-9]{0,15}$/.test(id) ? Number(id) : 0);

/** The id by which the world outside knows this row. */
export const contactIdOf = (rowId: number): ContactId => contactId(String(rowId));
