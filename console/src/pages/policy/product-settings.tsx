import { ActionIcon, Button, Group, Paper, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { Icon } from '../../shell/icons';
import { PRODUCT, wordOf } from '../../words/words';
import { HELP } from '../../words/help-words';
import { freshName, type PanelProps, type PolicyDocument } from './document';
import { messageAt, type Problem } from './problems';
import { feeTablesOf, type FeeTable, type Product } from './product-view';
import { FeesInput, SettingInputs, SettingsSection, withValue } from './setting-inputs';
import { DIRECT, LIMITS, OFFER_VALIDITY, type Setting } from './settings';

interface Props extends PanelProps {
  readonly product: Product;
  readonly mayChangeStructure: boolean;
  readonly problems: readonly Problem[];
}

/** Limits, fee tables and settings of a product without an auction. */
export function ProductSettings({
  document,
  product,
  mayChangeStructure,
  problems,
  isEditable,
  onChange,
}: Props) {
  const isStructural = isEditable && mayChangeStructure;
  const inputs = (settings: readonly Setting[], isOpen: boolean) => (
    <SettingInputs {...{ document, settings, problems, onChange }} isEditable={isOpen} />
  );
  return (
    <Stack gap="xl">
      <SettingsSection title="Oferta" note={`O que se oferece em ${wordOf(PRODUCT, product)}`}>
        {inputs(LIMITS(['limits'], product), isEditable)}
        {inputs([OFFER_VALIDITY], isStructural)}
      </SettingsSection>
      <FeeTables
        document={document}
        problems={problems}
        isEditable={isStructural}
        onChange={(tables) => {
          onChange(withValue(document, ['pricing', 'fee_tables'], tables) as PolicyDocument);
        }}
      />
      <SettingsSection title="Consulta e desembolso">{inputs(DIRECT, isStructural)}</SettingsSection>
    </Stack>
  );
}

/** The offers shown side by side. */
function FeeTables({
  document,
  problems,
  isEditable,
  onChange,
}: {
  readonly document: PolicyDocument;
  readonly problems: readonly Problem[];
  readonly isEditable: boolean;
  readonly onChange: (tables: readonly FeeTable[]) => void;
}) {
  const tables = feeTablesOf(document);
  const [first] = tables;
  return (
    <SettingsSection title="Tabelas de tarifas" note="Ofertas mostradas lado a lado" columns={1}>
      {tables.map((table, at) => (
        <FeeTableForm
          key={table.id}
          table={table}
          place={`pricing.fee_tables[${String(at)}]`}
          prices={document.tables.filter(({ kind }) => kind === 'price')}
          problems={problems}
          isEditable={isEditable}
          onChange={(changed) => {
            onChange(tables.map((one, i) => (i === at ? changed : one)));
          }}
          onRemove={
            tables.length === 1
              ? undefined
              : () => {
                  onChange(tables.filter((_, i) => i !== at));
                }
          }
        />
      ))}
      {isEditable && first !== undefined && (
        <Group>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              const id = freshName(
                'tabela',
                tables.map((one) => one.id),
              );
              onChange([...tables, { ...first, id, label: 'Nova tabela' }]);
            }}
          >
            Mais uma tabela de tarifas
          </Button>
        </Group>
      )}
    </SettingsSection>
  );
}

function FeeTableForm({
  table,
  place,
  prices,
  problems,
  isEditable,
  onChange,
  onRemove,
}: {
  readonly table: FeeTable;
  readonly place: string;
  readonly prices: readonly { readonly id: string; readonly label: string }[];
  readonly problems: readonly Problem[];
  readonly isEditable: boolean;
  readonly onChange: (table: FeeTable) => void;
  readonly onRemove: (() => void) | undefined;
}) {
  const fees = (part: 'contract_fees' | 'rebates', label: string, help: string) => (
    <FeesInput
      label={label}
      help={help}
      value={table[part]}
      isEditable={isEditable}
      error={messageAt(problems, `${place}.${part}`)}
      onChange={(value) => {
        onChange({ ...table, [part]: value });
      }}
    />
  );
  return (
    <Paper p="sm" bg="var(--page)" data-fee-table={table.id}>
      <Group align="flex-start" wrap="nowrap">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} flex={1}>
          <TextInput
            label="Nome"
            description={HELP.policy.feeTable}
            readOnly={!isEditable}
            value={table.label}
            error={messageAt(problems, `${place}.label`)}
            onChange={(event) => {
              onChange({ ...table, label: event.currentTarget.value });
            }}
          />
          <Select
            label="Tabela de preços"
            description={HELP.policy.priceTable}
            allowDeselect={false}
            readOnly={!isEditable}
            data={prices.map(({ id, label }) => ({ value: id, label }))}
            value={table.table}
            error={messageAt(problems, `${place}.table`)}
            onChange={(chosen) => {
              if (chosen !== null) onChange({ ...table, table: chosen });
            }}
          />
          {fees('contract_fees', 'Tarifas da CCB', HELP.policy.contractFees)}
          {fees('rebates', 'Rebates', HELP.policy.rebates)}
        </SimpleGrid>
        {isEditable && onRemove !== undefined && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={`Tirar ${table.label}`}
            onClick={onRemove}
          >
            <Icon name="close" size={16} />
          </ActionIcon>
        )}
      </Group>
    </Paper>
  );
}
