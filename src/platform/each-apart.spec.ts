import { eachApart } from './each-apart';

describe('each apart', () => {
  const broken = new Map<string, unknown>([
    ['b', new Error('unreadable')],
    ['d', 'odd'],
  ]);
  const away = Object.assign(new Error('the server shuts down'), { code: '57P01' });
  const done = async (items: readonly string[], failures: ReadonlyMap<string, unknown>) => {
    const worked: string[] = [];
    const error: unknown = await eachApart(
      items,
      (item) => `loan ${item}`,
      (item) => {
        worked.push(item);
        return failures.has(item) ? Promise.reject(failures.get(item)) : Promise.resolve();
      },
    ).catch((thrown: unknown) => thrown);
    return { worked, error };
  };

  it('does all, and says which have failed', async () => {
    const { worked, error } = await done(['a', 'b', 'c', 'd', 'e'], broken);
    expect(worked).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(error).toMatchObject({
      message: '2 of 5 failed: loan b: unreadable; loan d: odd',
      errors: [{ message: 'loan b: unreadable', cause: broken.get('b') }, { message: 'loan d: odd' }],
    });
  });

  it('leaves the rest when the database is away', async () => {
    expect(await done(['a', 'b', 'c'], new Map([...broken, ['b', away]]))).toEqual({
      worked: ['a', 'b'],
      error: away,
    });
  });

  it('says nothing when all is well', async () => {
    expect(await done(['a'], broken)).toEqual({ worked: ['a'], error: undefined });
  });
});
