import { Button, Group, MultiSelect, Switch, Text } from '@mantine/core';
import { HELP } from '../../words/help-words';
import type { PanelProps, PolicyDocument, Scalar } from './document';
import { LearningBands, LearningFeatures, type LearningBand, type LearningFeature } from './learning-lists';
import { messageAt, problemsIn, type Problem } from './problems';
import { SettingInputs, SettingsSection, valueAt, withValue } from './setting-inputs';
import { LEARNING } from './settings';
import { ValuesInput } from './values-input';

/** A careful mandate to begin with: every limit of it is on the screen. */
const FIRST_MANDATE = {
  enabled: true,
  rails: { below_bp: 30, above_bp: 50 },
  minimum_margin_bp: 5,
  speed_limit_bp: 10,
  exploration: { share: '0.36', budget: '0.04', steps_bp: [5, 10, 15] },
  validity_days: 3,
  minimum_bids: 1000,
  shadow_days: 7,
  canary_days: 14,
  canary_share: '0.1',
  control_share: '0.1',
  daily_funding: null,
};

type Props = PanelProps & { readonly problems: readonly Problem[] };

/** The mandate: which rows of prices may be learnt from wins and losses, and within what. */
export function LearningSettings({ document, problems, isEditable, onChange }: Props) {
  const { learning, ...rest } = document as PolicyDocument & { readonly learning?: object };
  const set = (path: readonly string[], value: unknown): void => {
    onChange(withValue(document, ['learning', ...path], value) as PolicyDocument);
  };
  const rows = valueAt(document, ['learning', 'rows']);
  const table = document.tables.find(({ id }) => id === valueAt(document, ['pricing', 'table']));
  const listAt = (...path: readonly string[]): unknown[] => {
    const found = valueAt(document, ['learning', ...path]);
    return Array.isArray(found) ? found : [];
  };
  const lists = { problems, isEditable };
  const whole = problemsIn(problems, 'learning').find(({ path }) =>
    ['learning', 'learning.rails', 'learning.features'].includes(path),
  );
  return (
    <SettingsSection
      title="Aprendizado das taxas"
      note="Dentro de que limites as taxas podem ser aprendidas dos leilões ganhos e perdidos. Sem isto, todo lance sai da tabela"
      columns={learning === undefined ? 1 : 4}
    >
      {learning === undefined ? (
        <Group>
          <Button
            size="xs"
            variant="default"
            disabled={!isEditable}
            onClick={() => {
              onChange({ ...document, learning: FIRST_MANDATE });
            }}
          >
            Deixar aprender
          </Button>
        </Group>
      ) : (
        <>
          <MultiSelect
            label="Linhas que podem aprender"
            description={HELP.policy.learningRows}
            placeholder={Array.isArray(rows) ? '' : 'todas'}
            searchable
            clearable
            readOnly={!isEditable}
            data={[...new Set(table?.rows.map(({ id }) => id))]}
            value={Array.isArray(rows) ? rows.map(String) : []}
            error={messageAt(problems, 'learning.rows')}
            onChange={(chosen) => {
              const { rows: _, ...mandate } = learning as { rows?: unknown };
              onChange({
                ...rest,
                learning: chosen.length === 0 ? mandate : { ...mandate, rows: chosen },
              });
            }}
          />
          <SettingInputs
            document={document}
            settings={LEARNING}
            problems={problems}
            isEditable={isEditable}
            onChange={onChange}
          />
          <ValuesInput
            label="Distâncias dos testes, em pb"
            help={HELP.policy.explorationSteps}
            type="integer"
            values={listAt('exploration', 'steps_bp') as Scalar[]}
            isEditable={isEditable}
            error={messageAt(problems, 'learning.exploration.steps_bp')}
            onChange={(steps) => {
              set(['exploration', 'steps_bp'], steps);
            }}
          />
          <Switch
            label="A idade pode distinguir taxas"
            description={HELP.policy.useAge}
            checked={valueAt(document, ['learning', 'use_age']) === true}
            disabled={!isEditable}
            onChange={(event) => {
              set(['use_age'], event.currentTarget.checked);
            }}
          />
          <LearningFeatures
            {...lists}
            items={listAt('features') as LearningFeature[]}
            mayUseAge={valueAt(document, ['learning', 'use_age']) === true}
            onChange={(features) => {
              set(['features'], features);
            }}
          />
          <LearningBands
            {...lists}
            items={listAt('bands') as LearningBand[]}
            table={table}
            onChange={(bands) => {
              set(['bands'], bands);
            }}
          />
          {isEditable && (
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                onChange(rest);
              }}
            >
              Não aprender
            </Button>
          )}
          {whole !== undefined && (
            <Text size="sm" c="red" role="alert">
              {whole.message}
            </Text>
          )}
        </>
      )}
    </SettingsSection>
  );
}
