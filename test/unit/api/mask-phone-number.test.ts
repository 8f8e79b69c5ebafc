import { describe, expect, it } from 'vitest';
import { maskPhoneNumber, maskPhoneNumbersIn } from '../../../src/units/mask-phone-number.js';

describe('phone numbers in logs', () => {
  it('leave too few digits to call, and leave extensions alone', () => {
    expect(maskPhoneNumber('+12025550143')).toBe('+120******43');
    expect(maskPhoneNumber('+44 20 7946 0123')).toBe('+44 2* **** **23');
    expect(maskPhoneNumber('1001')).toBe('1001');
  });

  it.each([
    ['{"time":1700000000000,"number":"+12025550143","msg":"dialled"}', '{"time":1700000000000,"number":"+120******43","msg":"dialled"}'],
    ['{"destination":"12025550143"}', '{"destination":"120******43"}'],
    ['GET /api/v1/do-not-call/%2B12025550143 204', 'GET /api/v1/do-not-call/%2B120******43 204'],
    ['PJSIP/12025550143@carrier and sip:12025550187@192.0.2.7:5060', 'PJSIP/120******43@carrier and sip:120******87@192.0.2.7:5060'],
    ['call +1 (202) 555-0143 now', 'call +1 (20*) ***-**43 now'],
    ['{"callId":"out-1700000000000-4f","port":5060,"elapsed":1234.5678901}', '{"callId":"out-1700000000000-4f","port":5060,"elapsed":1234.5678901}'],
  ])('are found by what they stand in: %s', (line, masked) => {
    expect(maskPhoneNumbersIn(line)).toBe(masked);
  });
});
