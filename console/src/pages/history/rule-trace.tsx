import { Badge, Code, Table, Text } from '@mantine/core';
import type { AuctionDetail } from '../../api/client';
import { Empty } from '../../parts/states';
import { Literal } from '../../parts/literal';
import { asTitle, AUCTION_STATUS, NO_DECISION, reasonWord, STATUS_REASON, wordOf } from '../../words/words';
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
export function RuleTrace({ auction }: { readonly auction: AuctionDetail }) {
  const { decision } = auction;
  return decision === null ? <NoDecision auction={auction} /> : <Verdicts decision={decision} />;
}

function NoDecision({ auction }: { readonly auction: AuctionDetail }) {
  const why = auction.no_decision ?? 'awaited';
  return (
    <Empty title={wordOf(NO_DECISION, why)}>
      {why === 'awaited' && 'A decisão aparece aqui assim que for tomada.'}
      {why === 'never_made' && `O leilão terminou antes de ser decidido: ${endOf(auction)}.`}
      {why === 'archived' && <InTheArchive auctionKey={auction.issuer_proposal_request_key} />}
    </Empty>
  );
}

function endOf({ status, status_reason: reason }: AuctionDetail): string {
  const words = wordOf(AUCTION_STATUS, status).toLowerCase();
  return reason === null ? words : `${words}, ${wordOf(STATUS_REASON, reason)}`;
}

/** Whoever has the folder of the archive reads them there. */
function InTheArchive({ auctionKey }: { readonly auctionKey: string }) {
  return (
    <>
      O leilão é antigo: a decisão, os lances e as respostas da QI saíram do banco para os arquivos. Quem
      opera o serviço os lê com:
      {['decision', 'bid'].map((table) => (
        <Code block key={table} mt="xs">
          {`npm run archive -- query "SELECT * FROM ${table} WHERE auction_key = '${auctionKey}'"`}
        </Code>
      ))}
    </>
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
