import { shownWishes } from './wishes';

const incoming = (original_contract_number: string) => ({
  kind: 'maximum',
  refinancing: [{ kind: 'incoming', original_contract_number }],
});

describe('wishes as everybody sees them', () => {
  it.each([
    ['CEF-77881920031', '***0031'],
    ['526985/WU', '***5/WU'],
    ['12345', '***45'],
    ['7', '***'],
    ['*', '***'], // erased
  ])('of contract %s they say %s', (number, shown) => {
    expect(shownWishes(incoming(number))).toEqual(incoming(shown));
  });

  it('are as they are without another bank', () => {
    const own = { kind: 'maximum', refinancing: [{ kind: 'own', operation_key: '5f1c-0001' }] };
    expect(shownWishes(own)).toEqual(own);
    expect(shownWishes({ kind: 'maximum' })).toEqual({ kind: 'maximum' });
  });
});
