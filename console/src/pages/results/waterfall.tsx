import { Table } from '@mantine/core';
import { count, reais } from '../../format/format';
import { MARGIN_PART, STEP } from '../../words/result-words';
import { wordOf } from '../../words/words';
import { Before, type Line, type Looks } from './looks';

/** From the request to the margin: how many came to each step, in reais, and what each part gave or took. */
export function Waterfall({ results: { waterfall, total }, before }: Looks) {
  const amountBefore = (step: string): string | undefined =>
    before?.waterfall.find((one) => one.step === step)?.amount;
  return (
    <Table aria-label="Do pedido à margem">
      <Table.Tbody>
        {waterfall.map(({ step, count: number, amount }) => (
          <Table.Tr key={step}>
            <Table.Td>{wordOf(STEP, step)}</Table.Td>
            <Table.Td ta="right">
              {count(number)}
              {before !== undefined && (
                <Before text={count(before.waterfall.find((one) => one.step === step)?.count ?? 0)} />
              )}
            </Table.Td>
            <Money now={amount} before={amountBefore(step)} />
          </Table.Tr>
        ))}
        {Object.entries(total.parts).map(([part, amount]) => (
          <Table.Tr key={part}>
            <Table.Td>{wordOf(MARGIN_PART, part)}</Table.Td>
            <Table.Td />
            <Money now={amount} before={before?.total.parts[part as keyof Line['parts']]} />
          </Table.Tr>
        ))}
        <Table.Tr fw={600}>
          <Table.Td>Margem realizada</Table.Td>
          <Table.Td ta="right">{count(total.realised_margin.sample)}</Table.Td>
          <Money now={total.realised_margin.value} before={before?.total.realised_margin.value} />
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

function Money({ now, before }: { readonly now: string | null; readonly before: string | null | undefined }) {
  return (
    <Table.Td ta="right">
      {reais(now)}
      {before !== undefined && <Before text={reais(before)} />}
    </Table.Td>
  );
}
