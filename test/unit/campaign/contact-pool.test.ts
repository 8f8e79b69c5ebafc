import { describe, expect, test } from 'vitest';
import { ContactPool } from '../../../src/campaign/contact-pool.js';
import type { OfferedContact } from '../../../src/campaign/offered-contact.js';
import { contactId, type ContactId } from '../../../src/units/ids.js';
import { Random } from '../../../src/units/random.js';
import { epochMs } from '../../../src/units/time.js';

const T0 = epochMs(1_000_000);
const contact = (name: number): OfferedContact => ({ contactId: contactId(`c${name}`), attemptCount: 0, countByCause: {} });
const contacts = (...names: number[]): OfferedContact[] => names.map(contact);
const pool = (): ContactPool => new ContactPool({ lowWaterCount: 2, fullCount: 5 });
const takeAll = (from: ContactPool): string[] => {
  const taken: string[] = [];
  for (let next = from.take(); next !== undefined; next = from.take()) taken.push(next.contactId);
  return taken;
};

describe('ContactPool', () => {
  test("keeps the store's order and gives each contact once", () => {
    const under = pool();
    under.offer(contacts(3, 1, 2, 1));
    under.offer(contacts(2, 4));
    expect(under.size).toBe(4);
    expect(takeAll(under)).toEqual(['c3', 'c1', 'c2', 'c4']);
    under.offer(contacts(3, 5));
    expect(takeAll(under)).toEqual(['c5']);
  });

  test('a contact put back is next; one forgotten may be offered anew', () => {
    const under = pool();
    under.offer(contacts(1, 2));
    under.take();
    under.putBack(contactId('c1'));
    under.putBack(contactId('c9'));
    expect(takeAll(under)).toEqual(['c1', 'c2']);
    under.forget(contactId('c1'));
    under.offer(contacts(1, 2));
    expect(takeAll(under)).toEqual(['c1']);
  });

  test('a contact forgotten while it waits is not given out', () => {
    const under = pool();
    under.offer(contacts(1, 2, 3));
    under.forget(contactId('c2'));
    expect(takeAll(under)).toEqual(['c1', 'c3']);
  });

  test('asks at the low-water mark, once, for as many as make it full', () => {
    const under = pool();
    expect(under.wantedCount(T0)).toBe(5);
    under.asked(5);
    expect(under.wantedCount(T0)).toBe(0);
    under.offer(contacts(1, 2, 3, 4, 5));
    expect(under.wantedCount(T0)).toBe(0);
    under.take();
    under.take();
    expect(under.wantedCount(T0)).toBe(0);
    under.take();
    expect(under.wantedCount(T0)).toBe(3);
  });

  test('does not ask a dry store before the next contact is due', () => {
    const under = pool();
    under.asked(5);
    under.offer(contacts(1), epochMs(T0 + 1000));
    expect(under.isDry(T0)).toBe(true);
    expect(under.wantedCount(T0)).toBe(0);
    expect(under.nextDueAtMs).toBe(T0 + 1000);
    expect(under.wantedCount(epochMs(T0 + 1000))).toBe(4);
  });

  test('a redial that comes due, or new contacts, wake a dry pool', () => {
    const under = pool();
    under.asked(5);
    under.offer([]);
    expect(under.wantedCount(epochMs(T0 + 1e12))).toBe(0);
    under.becomesDueAt(epochMs(T0 + 500));
    under.becomesDueAt(epochMs(T0 + 900));
    expect(under.wantedCount(epochMs(T0 + 499))).toBe(0);
    expect(under.wantedCount(epochMs(T0 + 500))).toBe(5);
    under.asked(5);
    under.offer([]);
    under.storeChanged();
    expect(under.wantedCount(T0)).toBe(5);
  });

  test('contacts that change while an answer is on its way are asked for again', () => {
    const under = pool();
    under.asked(5);
    under.storeChanged();
    expect(under.wantedCount(T0)).toBe(0);
    under.offer([]);
    expect(under.wantedCount(T0)).toBe(5);
  });

  test('clearing gives back what waits and keeps what is in hand', () => {
    const under = pool();
    under.offer(contacts(1, 2, 3));
    under.take();
    expect(under.clear()).toEqual(['c2', 'c3']);
    expect([under.size, under.inHandCount]).toEqual([0, 1]);
    under.offer(contacts(1, 2));
    expect(takeAll(under)).toEqual(['c2']);
  });

  test('an adopted contact is in hand, even when the store offers it or had offered it', () => {
    const under = pool();
    under.offer(contacts(1));
    under.adopt(contact(1));
    under.offer(contacts(1));
    expect(under.size).toBe(0);
    expect(under.inHandCount).toBe(1);
  });

  test('no contact is ever in two hands, whatever happens in whatever order', () => {
    const random = new Random(8);
    const under = new ContactPool({ lowWaterCount: 3, fullCount: 12 });
    const inHand = new Set<ContactId>();
    for (let round = 0; round < 20_000; round++) {
      const some = contact(Math.floor(random.between(0, 40))).contactId;
      const what = random.unit();
      if (what < 0.35) {
        under.offer(Array.from({ length: 4 }, () => contact(Math.floor(random.between(0, 40)))));
      } else if (what < 0.75) {
        const taken = under.take();
        if (taken) {
          expect(inHand.has(taken.contactId)).toBe(false);
          inHand.add(taken.contactId);
        }
      } else if (what < 0.85) {
        under.putBack(some);
        inHand.delete(some);
      } else if (what < 0.99) {
        under.forget(some);
        inHand.delete(some);
      } else {
        const returned = under.clear();
        expect(returned.filter((id) => inHand.has(id))).toEqual([]);
        expect(under.size).toBe(0);
      }
      expect(under.inHandCount).toBe(inHand.size);
      expect(under.size).toBeLessThanOrEqual(40);
    }
  });

  test('sizes that make no sense are refused', () => {
    expect(() => new ContactPool({ lowWaterCount: 5, fullCount: 5 })).toThrow(RangeError);
  });
});
