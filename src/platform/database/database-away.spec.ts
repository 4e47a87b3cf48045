import { isDatabaseAway, isPassing } from './database-away';

const failing = (message: string, code?: string): Error => Object.assign(new Error(message), { code });

describe('an error of the database', () => {
  it.each([
    failing('terminating connection due to administrator command', '57P01'),
    failing('the database system is starting up', '57P03'),
    failing('sorry, too many clients already', '53300'),
    failing('could not extend file: No space left on device', '53100'),
    failing('connection failure', '08006'),
    failing('could not read block', '58030'),
    failing('connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED'),
    failing('read ECONNRESET', 'ECONNRESET'),
    failing('role "arremate_service" is not permitted to log in', '28000'),
    failing('password authentication failed', '28P01'),
    failing('getaddrinfo EAI_AGAIN db', 'EAI_AGAIN'),
    failing('getaddrinfo ENOTFOUND db', 'ENOTFOUND'),
    failing('certificate has expired', 'CERT_HAS_EXPIRED'),
    failing('Connection terminated unexpectedly'),
    failing('Connection terminated due to connection timeout'),
    failing('Query read timeout'),
  ])('says that it was away: %s', (error) => {
    expect([isDatabaseAway(error), isPassing(error)]).toEqual([true, true]);
  });

  it.each([
    failing('canceling statement due to statement timeout', '57014'),
    failing('canceling statement due to lock timeout', '55P03'),
    failing('deadlock detected', '40P01'),
    failing('terminating connection due to idle-in-transaction timeout', '25P03'),
  ])('says that it may go well the next time: %s', (error) => {
    expect([isDatabaseAway(error), isPassing(error)]).toEqual([false, true]);
  });

  it.each([
    failing('value too long for type character varying(2)', '22001'),
    failing('duplicate key value violates unique constraint', '23505'),
    failing('odd row, says the test', 'P0001'),
    new TypeError('undefined is not a function'),
    'a string',
  ])('is about what was asked: %s', (error) => {
    expect([isDatabaseAway(error), isPassing(error)]).toEqual([false, false]);
  });
});
