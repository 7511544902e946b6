import 'fake-indexeddb/auto'
import { learnAllWords } from '../src/words/words'

await learnAllWords()
