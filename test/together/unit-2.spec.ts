import { share } from './share';

share('unit', 2);
