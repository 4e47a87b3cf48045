import { calendarDate, Decimal } from '../../kernel';
import { readProposalSheet, type SheetLine } from './proposal-sheet';

const TODAY = calendarDate('2026-08-18');
const HEAD = ['CPF', 'Nome', 'Data nascimento', 'PEP', 'Valor desejado'];
const CPFS = ['52998224725', '10000000108', '10000000280', '10000000361', '10000000442'];
const read = (...rows: readonly (readonly string[])[]) => readProposalSheet([HEAD, ...rows], 5, TODAY);
const lines = (...rows: readonly (readonly string[])[]): readonly SheetLine[] => {
  const sheet = read(...rows);
  if (sheet.kind === 'unreadable') throw new Error(sheet.message);
  return sheet.lines;
};
const problems = (...cells: string[]): readonly string[] => {
  const [line] = lines(cells);
  return line?.kind === 'refused' ? line.problems.map(({ place, message }) => `${place}: ${message}`) : [];
};

describe('a file of proposals', () => {
  it('is read line by line, what is left out being left out', () => {
    const [one, other] = lines(
      ['529.982.247-25', 'Maria', '10/03/1985', 'não', '1.234,5'],
      ['', '', '', '', ''],
      ['10000000108', '', '', '', ''],
    );
    expect(one).toMatchObject({
      row: 2,
      kind: 'proposal',
      proposal: { person: { name: 'Maria', birth_date: '1985-03-10', is_pep: false } },
    });
    expect(one?.kind === 'proposal' && one.proposal.wishes).toEqual({
      kind: 'target',
      amount: new Decimal('1234.5'),
    });
    expect(other).toMatchObject({ row: 4, proposal: { person: {}, wishes: { kind: 'maximum' } } });
  });

  it.each([
    [['52998224724'], 'A2: os dígitos do CPF não conferem'],
    [['2998224725'], 'A2: o CPF tem 11 dígitos; a planilha pode ter tirado os zeros do começo'],
    [['', 'Maria'], 'A2: falta o CPF'],
    [['52998224725', '', '31/02/1980'], 'C2: informe uma data que existe, como 31/12/1980'],
    [['52998224725', '', '19/08/2026'], 'C2: a data de nascimento está no futuro'],
    [['52998224725', '', '', 'talvez'], 'D2: responda sim ou não'],
    [
      ['52998224725', '', '', '', '1.234'],
      'E2: informe um valor em reais, como 1234,56; em branco é o máximo',
    ],
    [['52998224725', '', '', '', '-5'], 'E2: informe um valor em reais, como 1234,56; em branco é o máximo'],
    [['52998224725', '', '', '', '', 'x'], 'F2: há um valor fora das colunas com título'],
  ])('refuses %j', (cells, problem) => {
    expect(problems(...cells)).toEqual([problem]);
  });

  it('says everything that is wrong with a line, and nothing of what stood there', () => {
    const [line] = lines(['52998224724', 'Zulmira', '99/99/9999', 'x', 'y']);
    expect(line?.kind === 'refused' && line.problems).toHaveLength(4);
    expect(JSON.stringify(line)).not.toMatch(/52998224724|Zulmira|99\/99/);
  });

  it('takes no day for a month: of a file with months first only what reads alike in both ways starts', () => {
    const born = (...dates: readonly string[]) =>
      lines(...dates.map((date, at) => [CPFS[at] ?? '', '', date])).map((line) =>
        line.kind === 'proposal' ? line.proposal.person.birth_date : line.problems[0]?.message,
      );
    const doubt =
      'pode ser dia/mês ou mês/dia, e a célula C3 só pode ser mês/dia: escreva todas como 31/12/1980';
    expect(born('03/12/1980', '12/25/1980', '05/05/1980', '1980-03-12', '25/12/1980')).toEqual([
      doubt,
      'informe uma data que existe, como 31/12/1980',
      '1980-05-05',
      '1980-03-12',
      '1980-12-25',
    ]);
    // Neither order makes a day of the second: it says nothing of the first.
    expect(born('03/12/1980', '31/13/1980')[0]).toBe('1980-12-03');
    expect(born('03/12/1980', '10/03/1985')).toEqual(['1980-12-03', '1985-03-10']);
  });

  it('takes a borrower once', () => {
    const [, second] = lines(['52998224725'], ['529.982.247-25']);
    expect(second).toMatchObject({ kind: 'refused', problems: [{ message: 'o CPF já está na linha 2' }] });
  });

  it.each([
    [[['nome'], ['Maria']], 'falta a coluna cpf'],
    [[['cpf', 'telefone'], ['52998224725']], 'a coluna não é esperada aqui'],
    [[['cpf', 'cpf'], ['52998224725']], 'a coluna não é esperada aqui'],
    [
      [
        ['cpf', ''],
        ['52998224725', 'x'],
      ],
      'a coluna B não tem título',
    ],
    [[['cpf']], 'nenhuma linha tem um cliente'],
    [[], 'falta a coluna cpf'],
    [[['cpf'], ['1'], ['2'], ['3'], ['4']], 'são 4 linhas; um arquivo tem no máximo 3'],
  ])('%j is not looked at', (sheet, message) => {
    const result = readProposalSheet(sheet, 3, TODAY);
    expect(result.kind === 'unreadable' && result.message).toContain(message);
  });
});
