import { Link } from '@tanstack/react-router';
import { Empty } from './states';

/** That no auction is here: because of filters, or because none has come yet. */
export function NoAuctions({ isFiltered = false }: { readonly isFiltered?: boolean }) {
  if (isFiltered)
    return <Empty title="Nenhum leilão com esses filtros">Tire um filtro ou aumente o período.</Empty>;
  return (
    <Empty title="Nenhum leilão ainda">
      Os pedidos da QI aparecem aqui assim que chegam. O que falta para recebê-los está em{' '}
      <Link to="/primeiros-passos" className="link">
        Primeiros passos
      </Link>
      .
    </Empty>
  );
}
