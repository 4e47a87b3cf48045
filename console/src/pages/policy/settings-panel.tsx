import {
  MultiSelect,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core';
import { HELP } from '../../words/help-words';
import type { PanelProps, PolicyDocument } from './document';
import { EconomicsSettings } from './economics-settings';
import { LearningSettings } from './learning-settings';
import { messageAt, type Problem } from './problems';
import { FeesInput, SettingInputs, SettingsSection, valueAt, withValue } from './setting-inputs';
import { AUTHORIZATION, EXPOSURE, LIMITS, OFFER_VALIDITY, PACING, type Path, type Setting } from './settings';

interface Props extends PanelProps {
  /** More than values: prices, fitting, authorization. */
  readonly mayChangeStructure: boolean;
  readonly problems: readonly Problem[];
}

const STRATEGIES: readonly { readonly value: string; readonly label: string }[] = [
  { value: 'keep_amount', label: 'Manter o valor, alongar o prazo' },
  { value: 'keep_installment', label: 'Manter a parcela pedida' },
  { value: 'max_amount', label: 'O maior valor que cabe' },
  { value: 'decline', label: 'Não ofertar' },
];

/** Everything that stands outside rules, tables and lists. */
export function SettingsPanel({ document, mayChangeStructure, problems, isEditable, onChange }: Props) {
  const isStructural = isEditable && mayChangeStructure;
  const change = (path: Path, value: unknown): void => {
    onChange(withValue(document, path, value) as PolicyDocument);
  };
  const inputs = (settings: readonly Setting[], isOpen: boolean) => (
    <SettingInputs {...{ document, settings, problems, onChange }} isEditable={isOpen} />
  );
  const prices = document.tables
    .filter(({ kind }) => kind === 'price')
    .map(({ id, label }) => ({ value: id, label }));
  const pickPrices = (path: Path) => (
    <Select
      label="Tabela de preços"
      description={HELP.policy.priceTable}
      allowDeselect={false}
      readOnly={!isStructural}
      data={prices}
      value={String(valueAt(document, path))}
      error={messageAt(problems, path.join('.'))}
      onChange={(value) => {
        change(path, value);
      }}
    />
  );
  const isLate = valueAt(document, ['late_bidding', 'enabled']) === true;
  const strategies = valueAt(document, ['fitting', 'strategies']);
  return (
    <Stack gap="xl">
      <SettingsSection title="A política">
        <TextInput
          label="Nome"
          description={HELP.policy.name}
          readOnly={!isEditable}
          value={document.name}
          error={messageAt(problems, 'name')}
          onChange={(event) => {
            change(['name'], event.currentTarget.value);
          }}
        />
        <Textarea
          label="Descrição"
          description={HELP.policy.description}
          readOnly={!isEditable}
          autosize
          maxRows={6}
          value={document.description ?? ''}
          error={messageAt(problems, 'description')}
          onChange={(event) => {
            change(['description'], event.currentTarget.value);
          }}
        />
      </SettingsSection>
      <SettingsSection title="Oferta" note="O que se oferece antes do encerramento do leilão">
        {inputs(LIMITS(['limits']), isEditable)}
        {pickPrices(['pricing', 'table'])}
        <FeesInput
          label="Rebates"
          help={HELP.policy.rebates}
          value={valueAt(document, ['pricing', 'rebates'])}
          isEditable={isStructural}
          error={messageAt(problems, 'pricing.rebates')}
          onChange={(rebates) => {
            change(['pricing', 'rebates'], rebates);
          }}
        />
        {inputs([OFFER_VALIDITY], isStructural)}
      </SettingsSection>
      <SettingsSection
        title="Encaixe na margem"
        note="O que se tenta, nesta ordem, quando o empréstimo pedido não cabe"
      >
        <MultiSelect
          label="Tentativas, em ordem"
          description={HELP.policy.strategies}
          readOnly={!isStructural}
          data={[...STRATEGIES]}
          value={Array.isArray(strategies) ? strategies.map(String) : []}
          error={messageAt(problems, 'fitting.strategies')}
          onChange={(chosen) => {
            change(['fitting', 'strategies'], chosen);
          }}
        />
        {inputs(
          [{ path: ['fitting', 'safety_tolerance'], label: 'Folga na margem', type: 'amount' }],
          isStructural,
        )}
      </SettingsSection>
      <SettingsSection title="Depois do encerramento" note="A primeira proposta leva, se ninguém ofertou">
        <Switch
          label="Ofertar depois do encerramento"
          description={HELP.policy.lateBidding}
          checked={isLate}
          disabled={!isStructural}
          onChange={(event) => {
            const late = event.currentTarget.checked
              ? { enabled: true, limits: document['limits'], table: valueAt(document, ['pricing', 'table']) }
              : { enabled: false };
            change(['late_bidding'], late);
          }}
        />
        {isLate && inputs(LIMITS(['late_bidding', 'limits']), isEditable)}
        {isLate && pickPrices(['late_bidding', 'table'])}
      </SettingsSection>
      <EconomicsSettings {...{ document, problems, onChange }} isEditable={isStructural} />
      <LearningSettings {...{ document, problems, onChange }} isEditable={isStructural} />
      <SettingsSection title="Exposição" note="Até quanto, em reais reservados e comprometidos">
        {inputs(EXPOSURE, isEditable)}
      </SettingsSection>
      <SettingsSection title="Ritmo" note="No máximo quantos lances">
        {inputs(PACING, isEditable)}
      </SettingsSection>
      <SettingsSection title="Autorização" note="Depois da assinatura">
        <div>
          <Text size="sm" fw={500} mb={2}>
            Quem autoriza
          </Text>
          <SegmentedControl
            aria-label="Quem autoriza"
            fullWidth
            readOnly={!isStructural}
            data={[
              { value: 'automatic', label: 'A política' },
              { value: 'manual', label: 'Uma pessoa' },
            ]}
            value={String(valueAt(document, ['authorization', 'mode']))}
            onChange={(mode) => {
              change(['authorization', 'mode'], mode);
            }}
          />
        </div>
        {inputs(AUTHORIZATION, isStructural)}
        <Switch
          mt="xl"
          label="Propor o cancelamento de quem está na base de fraudes"
          description={HELP.policy.fraud}
          checked={valueAt(document, ['authorization', 'reject_fraud_flag']) === true}
          disabled={!isStructural}
          onChange={(event) => {
            change(['authorization', 'reject_fraud_flag'], event.currentTarget.checked);
          }}
        />
      </SettingsSection>
    </Stack>
  );
}
