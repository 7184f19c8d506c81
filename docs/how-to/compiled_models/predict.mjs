// Predicts in JavaScript.
//   hornbeam compile model.keras --emit wasm --batch-size 8 --output classifier.wasm
//   node predict.mjs classifier.wasm
import {readFileSync} from 'node:fs';

const features = 9, classes = 4, rows = 12;
const {instance} = await WebAssembly.instantiate(readFileSync(process.argv[2]));
const model = instance.exports;  // the functions of classifier.h; pointers and sizes are numbers

const bytes = model.classifier_instance_bytes();
const classifier = model.classifier_create(model.classifier_allocate(bytes), bytes);
const x = model.classifier_allocate(4 * rows * features);
const y = model.classifier_allocate(4 * rows * classes);
const inputs = model.classifier_allocate(4), outputs = model.classifier_allocate(4);

// Views of the memory are made after the last allocation, which may move it.
const floats = (at, count) => new Float32Array(model.memory.buffer, at, count);
new Uint32Array(model.memory.buffer, inputs, 1)[0] = x;
new Uint32Array(model.memory.buffer, outputs, 1)[0] = y;
floats(x, rows * features).set(Array.from({length: rows * features}, (_, i) => Math.sin(i)));

if (model.classifier_predict(classifier, inputs, rows, outputs) !== 0) {
  const text = new Uint8Array(model.memory.buffer, model.classifier_last_error(classifier), 256);
  console.error('error: ' + new TextDecoder().decode(text.slice(0, text.indexOf(0))));
  process.exit(1);
}
for (let row = 0; row < rows; ++row)
  console.log(Array.from(floats(y + 4 * row * classes, classes), value => value.toFixed(6)).join(' '));
