import { Badge, Table, Text } from '@mantine/core';
import type { AuctionDetail } from '../../api/client';
import { Empty } from '../../parts/states';
import { reasonWord } from '../../words/words';

interface Verdict {
  readonly ruleId: string;
  readonly code: string;
  readonly result: string;
  readonly observed: string;
  readonly required: string;
  readonly message: string | undefined;
}

const RESULT: Readonly<Record<string, readonly [string, string]>> = {
  pass: ['passou', 'teal'],
  decline: ['recusou', 'red'],
  review: ['pede pessoa', 'orange'],
  flag: ['sinalizou', 'yellow'],
  indeterminate: ['faltam dados', 'red'],
};

/** Every rule with what it saw and what it wanted; those that did not pass come first. */
export function RuleTrace({ decision }: { readonly decision: AuctionDetail['decision'] }) {
  if (decision === null) return <Empty title="Ainda não decidido" />;
  const rules = verdictsIn(decision.trace);
  const failed = rules.filter(({ result }) => result !== 'pass');
  const passed = rules.filter(({ result }) => result === 'pass');
  return (
    <>
      <Text size="sm" c="dimmed" mb="xs">
        {rules.length} regras avaliadas, {failed.length} sem passar · {chosenRow(decision.trace)}
      </Text>
      <Table.ScrollContainer minWidth={640}>
        <Table aria-label="Regras da política">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Regra</Table.Th>
              <Table.Th>Resultado</Table.Th>
              <Table.Th>Observado</Table.Th>
              <Table.Th>Exigido</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {[...failed, ...passed].map((rule) => {
              const [word, color] = RESULT[rule.result] ?? [rule.result, 'gray'];
              return (
                <Table.Tr key={rule.ruleId} data-rule={rule.ruleId}>
                  <Table.Td>
                    <Text size="sm" fw={500}>
                      {reasonWord(rule.code)}
                    </Text>
                    <Text size="xs" c="dimmed" className="mono">
                      {rule.ruleId}
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={color} tt="none">
                      {word}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{rule.observed}</Table.Td>
                  <Table.Td>{rule.required}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

function verdictsIn(trace: Readonly<Record<string, unknown>>): readonly Verdict[] {
  const rules = trace['rules'];
  return Array.isArray(rules) ? (rules as Verdict[]) : [];
}

function chosenRow(trace: Readonly<Record<string, unknown>>): string {
  const fit = trace['fit'];
  const prices = trace['prices'];
  if (typeof fit === 'object' && fit !== null && 'row' in fit) return `preço da linha ${String(fit.row)}`;
  if (typeof prices === 'object' && prices !== null && 'rows' in prices && Array.isArray(prices.rows))
    return `linhas de preço possíveis: ${prices.rows.join(', ')}`;
  return 'nenhuma linha de preço';
}
