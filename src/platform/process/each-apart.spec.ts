import { eachApart } from './each-apart';

describe('each apart', () => {
  const broken = new Map<string, Error>([
    ['b', new Error('unreadable')],
    ['d', new Error('odd')],
  ]);
  const away = Object.assign(new Error('the server shuts down'), { code: '57P01' });
  const done = async (items: readonly string[], failures: ReadonlyMap<string, Error>) => {
    const worked: string[] = [];
    const error: unknown = await eachApart(
      items,
      (item) => `loan ${item}`,
      (item) => {
        worked.push(item);
        const failure = failures.get(item);
        return failure === undefined ? Promise.resolve() : Promise.reject(failure);
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
