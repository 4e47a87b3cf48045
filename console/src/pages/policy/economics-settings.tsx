import { ActionIcon, Button, Group, Paper, Select, SimpleGrid, Switch, Text } from '@mantine/core';
import { date, today } from '../../format/format';
import { Icon } from '../../shell/icons';
import { HELP } from '../../words/help-words';
import type { PanelProps, PolicyDocument } from './document';
import {
  entriesOf,
  refusesBelowBreakEven,
  withBelowBreakEven,
  withEconomics,
  withEntries,
  type EconomicEntry,
} from './economics';
import { messageAt, problemsIn, type Problem } from './problems';
import { FeesInput, SettingInputs, SettingsSection } from './setting-inputs';
import { ECONOMICS } from './settings';

type Props = PanelProps & { readonly problems: readonly Problem[] };

/** What the house pays and expects, by the day from which it counts: what the margin of a bid is worked out from. */
export function EconomicsSettings({ document, problems, isEditable, onChange }: Props) {
  const entries = entriesOf(document);
  const last = entries.at(-1);
  const change = (changed: readonly EconomicEntry[]): void => {
    onChange(withEntries(document, changed));
  };
  return (
    <SettingsSection
      title="Margem dos lances"
      note="O que a casa paga e espera: diz quanto vale cada lance, e a partir de que taxa uma linha de preço não perde"
      columns={1}
    >
      {entries.map((entry, at) => (
        <Entry
          key={String(at)}
          entry={entry}
          at={at}
          document={document}
          problems={problems}
          isEditable={isEditable}
          onChange={(changed) => {
            change(entries.map((one, i) => (i === at ? changed : one)));
          }}
          onRemove={() => {
            change(entries.filter((_, i) => i !== at));
          }}
        />
      ))}
      {last === undefined && (
        <Text size="sm">Sem estes insumos os lances ficam sem margem, e o resultado diz isso.</Text>
      )}
      {last !== undefined && (
        <Switch
          label="Linha de preço abaixo do equilíbrio impede a ativação"
          description={HELP.policy.belowBreakEven}
          checked={refusesBelowBreakEven(document)}
          disabled={!isEditable}
          onChange={(event) => {
            onChange(withBelowBreakEven(document, event.currentTarget.checked));
          }}
        />
      )}
      {isEditable && (
        <Group>
          <Button
            size="xs"
            variant="default"
            onClick={() => {
              if (last === undefined) onChange(withEconomics(document, today()));
              else change([...entries, { ...last, from: today() }]);
            }}
          >
            {last === undefined ? 'Calcular a margem dos lances' : 'Nova vigência'}
          </Button>
        </Group>
      )}
    </SettingsSection>
  );
}

function Entry({
  entry,
  at,
  document,
  problems,
  isEditable,
  onChange,
  onRemove,
}: {
  readonly entry: EconomicEntry;
  readonly at: number;
  readonly document: PolicyDocument;
  readonly problems: readonly Problem[];
  readonly isEditable: boolean;
  readonly onChange: (entry: EconomicEntry) => void;
  readonly onRemove: () => void;
}) {
  const place = `economics.inputs[${String(at)}]`;
  const own = problemsIn(problems, place).map((problem) => ({
    ...problem,
    path: problem.path.slice(place.length + 1),
  }));
  const losses = document.tables.filter(({ kind }) => kind === 'loss');
  return (
    <Paper p="sm" bg="var(--page)" data-economics={entry.from}>
      <Group align="flex-start" wrap="nowrap">
        <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} flex={1}>
          <SettingInputs
            document={entry as unknown as PolicyDocument}
            settings={ECONOMICS}
            problems={own}
            isEditable={isEditable}
            onChange={(changed) => {
              onChange(changed as unknown as EconomicEntry);
            }}
          />
          <FeesInput
            label="Tarifas que pagamos por contrato"
            help={HELP.policy.fees}
            value={entry.fees}
            isEditable={isEditable}
            error={messageAt(own, 'fees')}
            onChange={(fees) => {
              onChange({ ...entry, fees });
            }}
          />
          <Select
            label="Tabela de perdas"
            description={HELP.policy.losses}
            allowDeselect={false}
            readOnly={!isEditable}
            data={losses.map(({ id, label }) => ({ value: id, label }))}
            value={entry.losses}
            error={messageAt(own, 'losses')}
            onChange={(table) => {
              if (table !== null) onChange({ ...entry, losses: table });
            }}
          />
        </SimpleGrid>
        {isEditable && (
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Tirar a vigência de ${date(entry.from)}`}
            onClick={onRemove}
          >
            <Icon name="close" size={16} />
          </ActionIcon>
        )}
      </Group>
    </Paper>
  );
}
