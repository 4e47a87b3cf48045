import {
  Button,
  Group,
  MultiSelect,
  Paper,
  Pill,
  Select,
  SimpleGrid,
  Skeleton,
  TextInput,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { inFull, typedDecimal, typedRate, writtenRate } from '../../format/format';
import { AUCTION_STATUS, optionsOf, REASON, reasonWord } from '../../words/words';
import type { HistorySearch } from './history-search';
import { HELP } from '../../words/help-words';

const ReceivedInput = lazy(() =>
  import('./received-input').then((input) => ({ default: input.ReceivedInput })),
);

interface Props {
  readonly search: HistorySearch;
  readonly onChange: (search: HistorySearch) => void;
  /** More to choose, of one page alone. */
  readonly children?: ReactNode;
}

const STATUSES = optionsOf(AUCTION_STATUS);
const REASONS = optionsOf(REASON);

const BOUNDS = [
  'rate_from',
  'rate_to',
  'amount_from',
  'amount_to',
  'term_from',
  'term_to',
  'policy',
] as const;

/** The filters of the list and of the charts. */
export function FilterBar({ search, onChange, children }: Props) {
  const isDetailed = BOUNDS.some((name) => search[name] !== undefined);
  const [isOpen, { toggle }] = useDisclosure(isDetailed);
  const change = (part: { [K in keyof HistorySearch]: HistorySearch[K] | undefined }): void => {
    const merged = Object.entries({ ...search, ...part }).filter(([, value]) => Boolean(value));
    onChange(Object.fromEntries(merged));
  };
  return (
    <Paper p="md">
      <Group align="flex-start" gap="sm" className="filters">
        <Suspense fallback={<Skeleton height={60} w={240} />}>
          <ReceivedInput from={search.de} to={search.ate} onChange={change} />
        </Suspense>
        <MultiSelect
          label="Situação"
          description={HELP.look.status}
          placeholder={search.status === undefined ? 'Todas' : ''}
          data={STATUSES}
          clearable
          miw={200}
          maw={420}
          value={search.status?.split(',') ?? []}
          onChange={(statuses) => {
            change({ status: statuses.length === 0 ? undefined : statuses.join(',') });
          }}
        />
        <Select
          label="Motivo"
          description={HELP.look.reason}
          placeholder="Qualquer"
          data={withCurrent(REASONS, search.reason)}
          searchable
          clearable
          w={240}
          value={search.reason ?? null}
          onChange={(reason) => {
            change({ reason: reason ?? undefined });
          }}
        />
        {children}
        <Button variant="subtle" onClick={toggle} aria-expanded={isOpen}>
          {isOpen ? 'Menos filtros' : 'Mais filtros'}
        </Button>
      </Group>
      {isOpen && (
        <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }} mt="sm">
          <Bound
            label="Taxa de (% a.m.)"
            help={HELP.look.rate}
            name="rate_from"
            kind="rate"
            search={search}
            change={change}
          />
          <Bound
            label="Taxa até (% a.m.)"
            help={HELP.look.rate}
            name="rate_to"
            kind="rate"
            search={search}
            change={change}
          />
          <Bound
            label="Valor pedido de (R$)"
            help={HELP.look.amount}
            name="amount_from"
            kind="amount"
            search={search}
            change={change}
          />
          <Bound
            label="Valor pedido até (R$)"
            help={HELP.look.amount}
            name="amount_to"
            kind="amount"
            search={search}
            change={change}
          />
          <Bound
            label="Prazo de (parcelas)"
            help={HELP.look.term}
            name="term_from"
            kind="count"
            search={search}
            change={change}
          />
          <Bound
            label="Prazo até (parcelas)"
            help={HELP.look.term}
            name="term_to"
            kind="count"
            search={search}
            change={change}
          />
          <Bound
            label="Versão da política"
            help={HELP.look.policy}
            name="policy"
            kind="text"
            search={search}
            change={change}
          />
        </SimpleGrid>
      )}
      {(search.borrower !== undefined || search.employer !== undefined) && (
        <Group mt="sm" gap="xs">
          {search.borrower !== undefined && (
            <Pill
              size="md"
              withRemoveButton
              removeButtonProps={{ 'aria-label': 'Tirar o filtro do trabalhador', 'aria-hidden': false }}
              onRemove={() => {
                change({ borrower: undefined });
              }}
            >
              Um trabalhador, pelo CPF buscado
            </Pill>
          )}
          {search.employer !== undefined && (
            <Pill
              size="md"
              withRemoveButton
              removeButtonProps={{ 'aria-label': 'Tirar o filtro do empregador', 'aria-hidden': false }}
              onRemove={() => {
                change({ employer: undefined });
              }}
            >
              Um empregador, pelo CNPJ buscado
            </Pill>
          )}
        </Group>
      )}
    </Paper>
  );
}

type BoundName = (typeof BOUNDS)[number];
type Kind = 'rate' | 'amount' | 'count' | 'text';

function Bound({
  label,
  help,
  name,
  kind,
  search,
  change,
}: {
  readonly label: string;
  readonly help: string;
  readonly name: BoundName;
  readonly kind: Kind;
  readonly search: HistorySearch;
  readonly change: (part: Partial<Record<BoundName, string | undefined>>) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const value = search[name];
  const meant = typed === undefined ? undefined : meaningOf(typed, kind);
  const isWrong = typed !== undefined && typed.trim() !== '' && meant === undefined;
  const commit = (): void => {
    if (typed === undefined || isWrong) return;
    change({ [name]: meant });
    setTyped(undefined);
  };
  return (
    <TextInput
      label={label}
      description={help}
      inputMode={kind === 'text' ? 'text' : 'decimal'}
      value={typed ?? (value === undefined ? '' : shownAs(value, kind))}
      error={isWrong ? 'Não é um número' : undefined}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
      }}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
      }}
    />
  );
}

function meaningOf(typed: string, kind: Kind): string | undefined {
  const trimmed = typed.trim();
  if (trimmed === '') return undefined;
  if (kind === 'text') return trimmed;
  if (kind === 'count') return /^\d{1,4}$/.test(trimmed) ? trimmed : undefined;
  return kind === 'amount' ? typedDecimal(trimmed) : typedRate(trimmed);
}

function shownAs(value: string, kind: Kind): string {
  if (kind === 'rate') return writtenRate(value);
  return kind === 'amount' ? inFull(value) : value;
}

function withCurrent(options: readonly { value: string; label: string }[], current: string | undefined) {
  const isKnown = current === undefined || options.some(({ value }) => value === current);
  return isKnown ? [...options] : [...options, { value: current, label: reasonWord(current) }];
}
