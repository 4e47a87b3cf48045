import { Badge, Table, Text } from '@mantine/core';
import type { AuctionDetail } from '../../api/client';
import { Empty } from '../../parts/states';
import { Literal } from '../../parts/literal';
import { asTitle, reasonWord } from '../../words/words';
import { codesInWords } from '../../words/value-words';
import { useRequirements } from './requirements';

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
  return decision === null ? (
    <Empty title="Ainda não decidido">A decisão aparece aqui assim que for tomada.</Empty>
  ) : (
    <Verdicts decision={decision} />
  );
}

function Verdicts({ decision }: { readonly decision: NonNullable<AuctionDetail['decision']> }) {
  const requirementOf = useRequirements(decision.policy_version);
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
                      {titleOf(rule, requirementOf(rule.ruleId))}
                    </Text>
                    <Text size="xs" c="dimmed" component="div">
                      <Literal>{rule.ruleId}</Literal>
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Badge variant="light" color={color} tt="none">
                      {word}
                    </Badge>
                  </Table.Td>
                  <Table.Td>{codesInWords(rule.observed)}</Table.Td>
                  <Table.Td>{codesInWords(rule.required)}</Table.Td>
                </Table.Tr>
              );
            })}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}

/** A rule that stopped something by its reason; one that passed by what it requires. */
function titleOf({ result, code, required }: Verdict, requirement: string | undefined): string {
  if (result !== 'pass') return reasonWord(code);
  return requirement ?? asTitle(codesInWords(required));
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
