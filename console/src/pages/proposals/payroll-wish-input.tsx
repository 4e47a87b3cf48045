import { Group, Radio, SegmentedControl, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import type { ProposalDetail } from '../../api/client';
import { date, reais } from '../../format/format';
import { maskedDate } from '../../format/typed';
import type { PayrollWish } from './payroll-wish';
import { HELP } from '../../words/help-words';

type OwnContracts = ProposalDetail['own_contracts'];

interface Props {
  readonly wish: PayrollWish;
  /** What the service objects to, by the last part of its path. */
  readonly problems: Readonly<Record<string, string>>;
  readonly onChange: (wish: PayrollWish) => void;
  /** Loans of ours on the chosen link that may be paid off; undefined while they are not known. */
  readonly contracts?: OwnContracts;
}

/** How much, over how long, until when the post or pension lasts, and which contracts it pays off. */
export function PayrollWishInput(props: Props) {
  const { wish, problems, onChange } = props;
  return (
    <Stack gap="sm">
      <div>
        <Text size="sm" fw={600} mb={4}>
          Quanto o servidor quer
        </Text>
        <SegmentedControl
          aria-label="Quanto o servidor quer"
          data={[
            { value: 'maximum', label: 'O máximo' },
            { value: 'target', label: 'Um valor' },
            { value: 'installment', label: 'Uma parcela' },
          ]}
          value={wish.kind}
          onChange={(kind) => {
            onChange({ ...wish, kind });
          }}
        />
      </div>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {wish.kind !== 'maximum' && (
          <TextField
            {...props}
            name="amount"
            label={wish.kind === 'target' ? 'Valor na conta' : 'Parcela por mês'}
            help={wish.kind === 'target' ? HELP.payroll.target : HELP.payroll.installment}
            placeholder="0,00"
          />
        )}
        <TextField {...props} name="installments" label="Prazo em meses" help={HELP.payroll.installments} />
        <TextField {...props} name="situation" label="Situação funcional" help={HELP.payroll.situation} />
      </SimpleGrid>
      <Radio.Group
        label="Fim do contrato de trabalho ou da pensão"
        description={HELP.client.contractEnd}
        value={wish.ends}
        error={problems['wishes.contract_ends_on']}
        onChange={(ends) => {
          onChange({ ...wish, ends });
        }}
      >
        <Group mt={4}>
          <Radio value="unsaid" label="Não se aplica" />
          <Radio value="never" label="Não tem fim" />
          <Radio value="on" label="Tem fim em" />
          {wish.ends === 'on' && (
            <TextInput
              aria-label="Último dia do contrato ou da pensão"
              placeholder="dd/mm/aaaa"
              w={130}
              value={wish.endsOn}
              onChange={({ currentTarget: { value } }) => {
                onChange({ ...wish, endsOn: maskedDate(value) });
              }}
            />
          )}
        </Group>
      </Radio.Group>
      <Refinancing {...props} />
    </Stack>
  );
}

function Refinancing(props: Props) {
  const { wish, problems, onChange, contracts } = props;
  return (
    <div>
      <Radio.Group
        label="Contrato a quitar"
        description={contracts === undefined ? HELP.client.replacesLater : HELP.client.replaces}
        value={wish.replaces}
        error={problems['wishes.refinancing']}
        onChange={(replaces) => {
          onChange({ ...wish, replaces });
        }}
      >
        <Group mt={4}>
          <Radio value="nothing" label="Nenhum" />
          {contracts !== undefined && <Radio value="own" label="Nosso" />}
          <Radio value="incoming" label="De outra instituição" />
        </Group>
      </Radio.Group>
      {wish.replaces === 'own' && <OwnContract {...props} />}
      {wish.replaces === 'incoming' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }} mt="xs">
          <TextField
            {...props}
            name="contractNumber"
            label="Número do contrato"
            help={HELP.payroll.contract}
          />
          <TextField
            {...props}
            name="institution"
            label="CNPJ da instituição"
            help={HELP.payroll.institution}
          />
          <TextField
            {...props}
            name="dueBalance"
            label="Saldo devedor"
            help={HELP.payroll.due}
            placeholder="0,00"
          />
          <TextField
            {...props}
            name="deadline"
            label="Prazo original em meses"
            help={HELP.payroll.deadline}
          />
          <TextField
            {...props}
            name="oldInstallment"
            label="Parcela atual"
            help={HELP.payroll.old}
            placeholder="0,00"
          />
        </SimpleGrid>
      )}
    </div>
  );
}

function OwnContract({ wish, problems, onChange, contracts = [] }: Props) {
  if (contracts.length === 0)
    return (
      <Text size="sm" mt="xs">
        Nenhuma operação nossa deste vínculo foi paga e tem parcelas a vencer.
      </Text>
    );
  return (
    <Select
      mt="xs"
      label="Operação a quitar"
      description={HELP.client.ownContract}
      placeholder="Escolha"
      data={contracts.map((contract) => ({ value: contract.operation_key, label: shownContract(contract) }))}
      value={wish.operationKey === '' ? null : wish.operationKey}
      error={problems[PATHS.operationKey]}
      onChange={(operationKey) => {
        onChange({ ...wish, operationKey: operationKey ?? '' });
      }}
    />
  );
}

const shownContract = (contract: OwnContracts[number]): string =>
  `${String(contract.number_of_installments)} x ${reais(contract.installment)} desde ${date(contract.first_due_date)}, saldo devedor de ${reais(contract.due_balance)}`;

/** Where the service says what is wrong with a field. */
const PATHS: Readonly<Record<TextName | 'operationKey', string>> = {
  amount: 'wishes.amount',
  installments: 'wishes.installments',
  situation: 'wishes.functional_situation',
  operationKey: 'wishes.refinancing.0.operation_key',
  contractNumber: 'wishes.refinancing.0.original_contract_number',
  institution: 'wishes.refinancing.0.original_financial_institution_document_number',
  dueBalance: 'wishes.refinancing.0.due_balance',
  deadline: 'wishes.refinancing.0.original_deadline',
  oldInstallment: 'wishes.refinancing.0.installment',
};

type TextName =
  | 'amount'
  | 'installments'
  | 'situation'
  | 'contractNumber'
  | 'institution'
  | 'dueBalance'
  | 'deadline'
  | 'oldInstallment';

function TextField({
  wish,
  problems,
  onChange,
  name,
  help,
  ...input
}: Props & {
  readonly name: TextName;
  readonly label: string;
  readonly help: string;
  readonly placeholder?: string;
  readonly mt?: string;
}) {
  return (
    <TextInput
      {...input}
      description={help}
      autoComplete="off"
      value={wish[name]}
      error={problems[PATHS[name]]}
      onChange={({ currentTarget: { value } }) => {
        onChange({ ...wish, [name]: value });
      }}
    />
  );
}
