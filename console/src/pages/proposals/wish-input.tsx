import { Checkbox, Group, SegmentedControl, Table, Text, TextInput } from '@mantine/core';
import type { ProposalDetail } from '../../api/client';
import { date, reais } from '../../format/format';
import { firstOf, type Wish } from './wish';

type Periods = NonNullable<ProposalDetail['balance']>['cedable'];

const KINDS: readonly { readonly value: Wish['kind']; readonly label: string }[] = [
  { value: 'maximum', label: 'O máximo' },
  { value: 'target', label: 'Um valor' },
  { value: 'periods', label: 'Saques escolhidos' },
];

interface Props {
  readonly wish: Wish;
  /** What the service objects to, by path. */
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (wish: Wish) => void;
  /** What may be chosen from, once the balance is known. */
  readonly cedable?: Periods;
}

/** How much the client would like: the most there is, so much in hand, or these withdrawals. */
export function WishInput({ wish, problems, onChange, cedable = [] }: Props) {
  const kinds = KINDS.filter(({ value }) => value !== 'periods' || cedable.length > 0);
  return (
    <div>
      <Text size="sm" fw={600} mb={4}>
        Quanto o cliente quer
      </Text>
      <Group align="flex-start">
        <SegmentedControl
          aria-label="Quanto o cliente quer"
          data={[...kinds]}
          value={wish.kind}
          onChange={(kind) => {
            onChange({
              ...wish,
              kind,
              ...(kind === 'periods' && { periods: firstOf(cedable, cedable.length) }),
            });
          }}
        />
        {wish.kind === 'target' && (
          <TextInput
            aria-label="Valor desejado"
            placeholder="R$ na conta do cliente"
            inputMode="decimal"
            autoComplete="off"
            value={wish.amount}
            error={problems['wishes.amount']}
            onChange={({ currentTarget: { value } }) => {
              onChange({ ...wish, amount: value });
            }}
          />
        )}
      </Group>
      {wish.kind === 'periods' && <PeriodsInput {...{ wish, problems, onChange, cedable }} />}
    </div>
  );
}

/** Withdrawals are ceded one after the other: whoever chooses one chooses those before it too. */
function PeriodsInput({ wish, problems, onChange, cedable = [] }: Props) {
  return (
    <>
      <Table aria-label="Saques escolhidos" mt="sm" maw={480}>
        <Table.Tbody>
          {cedable.map(({ due_date: due, amount }, at) => {
            const chosen = wish.periods[at];
            const problem = problems[`periods[${at}].amount`] ?? problems[`wishes.periods.${at}.amount`];
            return (
              <Table.Tr key={due}>
                <Table.Td>
                  <Checkbox
                    label={date(due)}
                    checked={chosen !== undefined}
                    disabled={at === 0}
                    onChange={({ currentTarget: { checked } }) => {
                      const count = checked ? at + 1 : at;
                      const kept = wish.periods.slice(0, count);
                      onChange({
                        ...wish,
                        periods: [...kept, ...firstOf(cedable, count).slice(kept.length)],
                      });
                    }}
                  />
                </Table.Td>
                <Table.Td>
                  <TextInput
                    aria-label={`Quanto do saque de ${date(due)}`}
                    inputMode="decimal"
                    autoComplete="off"
                    disabled={chosen === undefined}
                    value={chosen?.amount ?? reais(amount)}
                    error={chosen !== undefined && problem}
                    onChange={({ currentTarget: { value } }) => {
                      onChange({
                        ...wish,
                        periods: wish.periods.map((each, index) =>
                          index === at ? { ...each, amount: value } : each,
                        ),
                      });
                    }}
                  />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
      <Text size="xs" c="dimmed" mt={4}>
        Sempre a partir do primeiro, sem pular nenhum; de cada um, no máximo o que a Caixa informou.
      </Text>
    </>
  );
}
