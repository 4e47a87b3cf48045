import { ActionIcon, Button, Group, Paper, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Icon } from '../../shell/icons';
import { HELP } from '../../words/help-words';
import { useDictionary } from './dictionary';
import type { PolicyTable, Scalar } from './document';
import { messageAt, type Problem } from './problems';
import { ValueInput } from './value-input';
import { ValuesInput } from './values-input';

/** A field by which rates may differ, and where its bands begin. */
export interface LearningFeature {
  readonly column: string;
  readonly cuts: readonly Scalar[];
}

/** A row's own floor and ceiling. */
export interface LearningBand {
  readonly row: string;
  readonly floor: Scalar;
  readonly ceiling: Scalar;
}

interface ListProps<Item> {
  readonly items: readonly Item[];
  readonly problems: readonly Problem[];
  readonly isEditable: boolean;
  readonly onChange: (items: readonly Item[]) => void;
}

/** The fields with bands that rates may be learnt by; the service knows them too, and refuses any other. */
const FEATURES = [
  'tenure_months',
  'offered_installments',
  'requested_installments',
  'offered_amount',
  'requested_amount',
];
const AGE = 'borrower_age';

/** Bands finer than those of the price table, or of a field that it has no column for. */
export function LearningFeatures({
  items,
  problems,
  isEditable,
  mayUseAge,
  onChange,
}: ListProps<LearningFeature> & { readonly mayUseAge: boolean }) {
  const { labelOf, typeOf } = useDictionary();
  const taken = items.map(({ column }) => column);
  const fields = [...FEATURES, ...(mayUseAge || taken.includes(AGE) ? [AGE] : [])];
  const free = fields.filter((field) => !taken.includes(field));
  return (
    <Entries
      title="Faixas mais finas que as da tabela"
      note="As colunas da tabela de preços já distinguem as taxas; aqui se cortam mais"
      items={items}
      nameOf={({ column }) => labelOf(column)}
      isEditable={isEditable}
      onChange={onChange}
      verb="Cortar mais um campo"
      fresh={free[0] === undefined ? undefined : { column: free[0], cuts: [] }}
    >
      {(item, at, change) => {
        const place = `learning.features[${String(at)}]`;
        return (
          <>
            <Select
              label="Campo"
              description={HELP.policy.learningFeature}
              allowDeselect={false}
              readOnly={!isEditable}
              data={[item.column, ...free].map((value) => ({ value, label: labelOf(value) }))}
              value={item.column}
              error={messageAt(problems, `${place}.column`)}
              onChange={(column) => {
                if (column !== null) change({ column, cuts: [] });
              }}
            />
            <ValuesInput
              key={item.column}
              label="Começa uma faixa em"
              help={HELP.policy.learningCuts}
              type={typeOf(item.column)}
              values={item.cuts}
              isEditable={isEditable}
              error={messageAt(problems, `${place}.cuts`)}
              onChange={(cuts) => {
                change({ ...item, cuts });
              }}
            />
          </>
        );
      }}
    </Entries>
  );
}

/** Rows with a floor and a ceiling of their own in the place of the rails. */
export function LearningBands({
  items,
  problems,
  isEditable,
  table,
  onChange,
}: ListProps<LearningBand> & { readonly table: PolicyTable | undefined }) {
  const rows = [...new Set(table?.rows.map(({ id }) => id))];
  const free = rows.filter((id) => items.every(({ row }) => row !== id));
  const rateOf = (row: string): string => {
    const rate = table?.rows.find(({ id }) => id === row)?.then['monthly_interest_rate'];
    return typeof rate === 'string' ? rate : '';
  };
  return (
    <Entries
      title="Linhas com piso e teto próprios"
      note="As outras usam as distâncias abaixo e acima da tabela"
      items={items}
      nameOf={({ row }) => row}
      isEditable={isEditable}
      onChange={onChange}
      verb="Dar uma faixa a uma linha"
      fresh={
        free[0] === undefined ? undefined : { row: free[0], floor: rateOf(free[0]), ceiling: rateOf(free[0]) }
      }
    >
      {(item, at, change) => {
        const place = `learning.bands[${String(at)}]`;
        const end = (name: 'floor' | 'ceiling', label: string, help: string) => (
          <ValueInput
            label={label}
            description={help}
            type="rate"
            value={item[name]}
            isEditable={isEditable}
            error={messageAt(problems, `${place}.${name}`)}
            onChange={(value) => {
              change({ ...item, [name]: value ?? '' });
            }}
          />
        );
        return (
          <>
            <Select
              label="Linha"
              description={HELP.policy.bandRow}
              allowDeselect={false}
              searchable
              readOnly={!isEditable}
              data={[item.row, ...free]}
              value={item.row}
              error={problems.find(({ path }) => path === place)?.message}
              onChange={(row) => {
                if (row !== null) change({ row, floor: rateOf(row), ceiling: rateOf(row) });
              }}
            />
            {end('floor', 'Piso', HELP.policy.bandFloor)}
            {end('ceiling', 'Teto', HELP.policy.bandCeiling)}
          </>
        );
      }}
    </Entries>
  );
}

/** A list that grows and shrinks, one card for each entry. */
function Entries<Item>({
  title,
  note,
  items,
  nameOf,
  isEditable,
  onChange,
  verb,
  fresh,
  children,
}: {
  readonly title: string;
  readonly note: string;
  readonly items: readonly Item[];
  readonly nameOf: (item: Item) => string;
  readonly isEditable: boolean;
  readonly onChange: (items: readonly Item[]) => void;
  readonly verb: string;
  /** What is added; undefined: there is nothing left to add. */
  readonly fresh: Item | undefined;
  readonly children: (item: Item, at: number, change: (item: Item) => void) => ReactNode;
}) {
  return (
    <Stack gap="xs" style={{ gridColumn: '1 / -1' }} role="group" aria-label={title}>
      <Text size="sm" fw={500}>
        {title}
      </Text>
      <Text size="xs" c="dimmed">
        {note}
      </Text>
      {items.map((item, at) => (
        <Paper key={String(at)} p="sm" bg="var(--page)">
          <Group align="flex-start" wrap="nowrap">
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} flex={1}>
              {children(item, at, (changed) => {
                onChange(items.map((one, i) => (i === at ? changed : one)));
              })}
            </SimpleGrid>
            {isEditable && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Tirar ${nameOf(item)}`}
                onClick={() => {
                  onChange(items.filter((_, i) => i !== at));
                }}
              >
                <Icon name="close" size={16} />
              </ActionIcon>
            )}
          </Group>
        </Paper>
      ))}
      {isEditable && fresh !== undefined && (
        <Group>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              onChange([...items, fresh]);
            }}
          >
            {verb}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
