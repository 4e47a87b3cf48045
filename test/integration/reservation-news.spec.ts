import { randomUUID } from 'node:crypto';
import { waitFor } from '../support/wait-for';
import { createWorld, disbursed, refusedFor, RULES, signedBy, type World } from './operation-world';

/** What QI tells of a guarantee after nobody waits for it any more, or instead of what is waited for. */
let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const noted = (what: string) => ({ kind: 'noted', what }) as const;

async function loan(...events: Parameters<World['hear']>[1][]): Promise<string> {
  const key = randomUUID();
  await world.win(key);
  for (const event of events) await world.hear(key, event);
  return key;
}

async function messagesOf(key: string): Promise<string[]> {
  const { body } = await world.call('ana', 'GET', `/tasks?credit_operation_key=${key}`);
  return (body['items'] as { message: string }[]).map(({ message }) => message);
}
const messageOf = async (key: string): Promise<unknown> => (await messagesOf(key))[0];

describe('news of a reservation', () => {
  it.each(['terminated', 'transferred', 'renewed_reservation'])(
    'that it is %s moves no loan, undoes no payment, and is seen by a person',
    async (what) => {
      for (const [status, before] of [
        ['reservation_retrying', refusedFor('margin_exceeded')],
        ['disbursed', disbursed],
      ] as const) {
        const key = await loan(before);
        await world.hear(key, noted(what));
        expect(await world.statusOf(key)).toBe(status);
        expect(await world.openTasks(key)).toEqual(['contradiction']);
        expect(await messageOf(key)).toMatch(/vínculo/);
      }
    },
  );

  it('that it is cancelled leaves a loan that waits for it to a person, and contradicts a paid one', async () => {
    const waiting = await loan(refusedFor('margin_exceeded'), noted('canceled'));
    expect(await world.statusOf(waiting)).toBe('parked');
    expect(await world.openTasks(waiting)).toEqual(['reservation_unexplained']);
    expect(await messageOf(waiting)).toMatch(/não tenta mais/);
    await world.hear(waiting, { kind: 'reservation_confirmed' });
    expect(await world.statusOf(waiting)).toBe('reserved');
    expect(await world.openTasks(waiting)).toEqual([]);

    const paid = await loan(disbursed, noted('canceled'));
    expect(await world.statusOf(paid)).toBe('disbursed');
    expect(await world.openTasks(paid)).toEqual(['contradiction']);
  });

  describe('that it is cancelled before we have authorized it', () => {
    const requested = { kind: 'authorization_requested' } as const;
    afterEach(() => {
      world.desk.isDown = false;
      world.policy.rules = RULES;
    });

    it('is seen by a person, who authorizes the next one or cancels', async () => {
      world.policy.rules = undefined;
      const key = await loan(signedBy(), requested, noted('canceled'));
      expect(await world.openTasks(key)).toEqual(['authorization_review', 'contradiction']);
      expect(await messagesOf(key)).toContainEqual(expect.stringMatching(/antes de autorizada/));
      await world.hear(key, requested);
      expect(await world.statusOf(key)).toBe('awaiting_authorization');
      expect(await world.call('ana', 'POST', `/operations/${key}/authorize`)).toMatchObject({ status: 202 });
    });

    it('takes back what the policy has authorized and QI does not have, in whichever order they are told', async () => {
      world.desk.isDown = true;
      const key = await loan(signedBy(), requested);
      await world.hear(key, noted('canceled'));
      const early = await loan(noted('canceled'), signedBy(), requested);
      for (const each of [key, early]) {
        // A call in vain may be under way: it is judged anew once that has ended.
        await waitFor('a person to be asked', async () =>
          (await world.openTasks(each)).includes('authorization_review') ? true : undefined,
        );
        expect(await world.openTasks(each)).toEqual(['authorization_review', 'contradiction']);
        expect(await world.statusOf(each)).toBe('awaiting_authorization');
        const { body } = await world.call('ana', 'GET', `/operations/${each}`);
        const live = (body['commands'] as { status: string }[]).filter(
          ({ status }) => status !== 'withdrawn',
        );
        expect(live).toEqual([]);
      }
    });
  });

  it('that another one waits to be authorized, after the first was and is cancelled, is seen by a person', async () => {
    const key = await loan(noted('authorized'), noted('canceled'));
    expect(await world.statusOf(key)).toBe('parked');
    await world.hear(key, { kind: 'authorization_requested' });
    expect(await world.statusOf(key)).toBe('parked');
    expect(await world.openTasks(key)).toEqual(['contradiction', 'reservation_unexplained']);
    expect(await messagesOf(key)).toContainEqual(expect.stringMatching(/autorizar no portal/));
  });

  it('says nothing new of a loan that is cancelled or whose reservation was refused', async () => {
    for (const what of ['canceled', 'terminated']) {
      for (const before of [
        { kind: 'canceled_permanently' },
        refusedFor('employment_relationship_blocked'),
      ] as const) {
        const key = await loan(before, noted(what));
        expect(await world.openTasks(key)).toEqual([]);
      }
    }
  });

  describe('of a loan that is paid off', () => {
    const released = { kind: 'margin_released' } as const;

    it.each([noted('canceled'), noted('terminated'), released])(
      'that frees its margin is what comes of that, also where it is told before it: %j',
      async (news) => {
        for (const events of [
          [noted('settled'), news],
          [news, noted('settled')],
        ]) {
          const key = await loan(disbursed, ...events);
          expect(await world.statusOf(key)).toBe('disbursed');
          expect(await world.openTasks(key)).toEqual([]);
          const { body } = await world.call('ana', 'GET', `/operations/${key}`);
          const effects = (body['events'] as { effect: string }[]).map(({ effect }) => effect);
          if (events[0] !== news) expect(effects).not.toContain('impossible');
        }
      },
    );

    it('frees the margin of a servant', async () => {
      const key = randomUUID();
      await world.issue(key, 'federal_payroll');
      for (const event of [signedBy(), { kind: 'reservation_confirmed' } as const, disbursed])
        await world.hear(key, event);
      await world.hear(key, noted('settled'));
      await world.hear(key, released);
      expect(await world.openTasks(key)).toEqual([]);
      const { body } = await world.call('ana', 'GET', `/operations/${key}`);
      expect(body).toMatchObject({ status: 'disbursed', margin_status: 'released' });
    });

    it('that binds a margin all the same is seen by a person', async () => {
      for (const what of ['transferred', 'renewed_reservation']) {
        const key = await loan(disbursed, noted('settled'), noted(what));
        expect(await world.openTasks(key)).toEqual(['contradiction']);
        expect(await messageOf(key)).toMatch(/quitada: nada mais se desconta/);
      }
    });

    it('takes back nothing else that people are told of it', async () => {
      const key = await loan(
        disbursed,
        refusedFor('employment_relationship_blocked'),
        released,
        noted('settled'),
      );
      expect(await world.openTasks(key)).toEqual(['contradiction']);
      expect(await messageOf(key)).not.toMatch(/sem garantia/);
    });
  });

  it('that the guarantee of a loan is free again is seen by a person, of a servant’s only where it is paid', async () => {
    const fgts = randomUUID();
    await world.issue(fgts, 'fgts');
    await world.hear(fgts, { kind: 'reservation_confirmed' });
    await world.hear(fgts, { kind: 'margin_released' });
    expect(await world.openTasks(fgts)).toEqual(['contradiction']);
    expect(await messageOf(fgts)).toMatch(/sem garantia/);

    const siape = randomUUID();
    await world.issue(siape, 'federal_payroll');
    await world.hear(siape, { kind: 'reservation_confirmed' });
    await world.hear(siape, { kind: 'margin_released' });
    expect(await world.openTasks(siape)).toEqual([]);
  });

  it('that a servant’s margin is free again is seen by a person with the payment too, and is over with the payoff', async () => {
    const key = randomUUID();
    await world.issue(key, 'federal_payroll');
    for (const event of [signedBy(), { kind: 'reservation_confirmed' }, { kind: 'margin_released' }] as const)
      await world.hear(key, event);
    expect(await world.openTasks(key)).toEqual([]);
    await world.hear(key, disbursed);
    expect(await world.openTasks(key)).toEqual(['contradiction']);
    expect(await messageOf(key)).toMatch(/pagou.*margem.*não está mais reservada/);
    await world.hear(key, noted('settled'));
    expect(await world.openTasks(key)).toEqual([]);

    const over = randomUUID();
    await world.issue(over, 'federal_payroll');
    for (const event of [signedBy(), noted('settled'), { kind: 'margin_released' }, disbursed] as const)
      await world.hear(over, event);
    expect(await world.openTasks(over)).toEqual([]);
  });
});
