// Trains one row's work with a JavaScript library: `node node_runner.js LIBRARY FOLDER`, where the
// library is installed in FOLDER. The first line of standard input is the work (JSON); each
// further line is a number of steps, answered with {"cpu": seconds so far}, or "parameters",
// answered with the flat parameters.
"use strict";

const readline = require("readline");
const { createRequire } = require("module");

// Each makes, from the library and the work, {step(sample), parameters()}.
const adapters = {
  // Not the row's rule: no derivative at the output, and online only.
  synaptic(library, work) {
    const layers = work.sizes.map((size) => new library.Layer(size));
    for (let i = 1; i < layers.length; i++) layers[i - 1].project(layers[i]);
    const squash = {
      sigmoid: library.Neuron.squash.LOGISTIC,
      tanh: library.Neuron.squash.TANH,
      relu: library.Neuron.squash.RELU,
    };
    work.activations.forEach((name, i) => layers[i + 1].set({ squash: squash[name] }));
    const network = new library.Network({
      input: layers[0],
      hidden: layers.slice(1, -1),
      output: layers[layers.length - 1],
    });
    return {
      step(s) {
        network.activate(work.inputs[s]);
        network.propagate(work.learning_rate, work.targets[s]);
      },
      parameters: () => null,
    };
  },

  // Not the row's rule: float32, one activation for all layers, and online only.
  "brain.js"(library, work) {
    const network = new library.NeuralNetwork({
      activation: work.activations[0],
      learningRate: work.learning_rate,
    });
    network.sizes = work.sizes;
    network.initialize();
    network.trainOpts.learningRate = work.learning_rate;
    network.trainOpts.momentum = 0;
    const patterns = work.inputs.map((input, s) => ({ input, output: work.targets[s] }));
    return {
      step: (s) => network.trainPattern(patterns[s]),
      parameters: () => null,
    };
  },

  convnetjs(library, work) {
    const shape = (size) => ({ in_sx: 1, in_sy: 1, in_depth: size });
    const Activation = {
      sigmoid: library.SigmoidLayer,
      tanh: library.TanhLayer,
      relu: library.ReluLayer,
    };
    const network = new library.Net();
    network.layers = [new library.InputLayer({ out_sx: 1, out_sy: 1, out_depth: work.sizes[0] })];
    const full = [];
    for (let i = 1; i < work.sizes.length; i++) {
      const size = work.sizes[i];
      full.push(new library.FullyConnLayer({ num_neurons: size, ...shape(work.sizes[i - 1]) }));
      network.layers.push(full[i - 1], new Activation[work.activations[i - 1]](shape(size)));
    }
    network.layers.push(new library.RegressionLayer(shape(work.sizes[work.sizes.length - 1])));
    let place = 0;
    for (const layer of full) {
      for (const filter of layer.filters)
        for (let i = 0; i < filter.w.length; i++) filter.w[i] = work.start[place++];
      for (let j = 0; j < layer.filters.length; j++) layer.biases.w[j] = work.start[place++];
    }
    const trainer = new library.SGDTrainer(network, {
      learning_rate: work.learning_rate,
      batch_size: work.batch,
      momentum: 0,
    });
    const volumes = work.inputs.map((input) => new library.Vol(input));
    return {
      step: (s) => trainer.train(volumes[s], work.targets[s]),
      parameters: () =>
        full.flatMap((layer) => [
          ...layer.filters.flatMap((filter) => Array.from(filter.w)),
          ...Array.from(layer.biases.w),
        ]),
    };
  },
};

const [name, folder] = process.argv.slice(2);
const library = createRequire(folder + "/package.json")(name);
const answer = (value) => process.stdout.write(JSON.stringify(value) + "\n");
let work = null;
let adapter = null;
let position = 0;

function start(line) {
  work = JSON.parse(line);
  adapter = adapters[name](library, work);
  answer("ready");
}

function train(steps) {
  for (let k = steps * work.batch; k > 0; k--) {
    adapter.step(position);
    position = position + 1 === work.inputs.length ? 0 : position + 1;
  }
  const used = process.cpuUsage();
  answer({ cpu: (used.user + used.system) / 1e6 });
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  if (work === null) start(line);
  else if (line === "parameters") answer(adapter.parameters());
  else train(Number(line));
});
