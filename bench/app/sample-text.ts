import { seededFraction } from '../../e2e/fixtures/seeded-fraction.ts';

/**
 * Text such as people write to an assistant and get back, the same for the same seed: words as common as they are in
 * English, in sentences and paragraphs. It compresses about as well as a real conversation does.
 */
const common =
  'the of and to a in that it is was for on you with as be at by this have from or had not are but what all were when we there can an your which their said if do will each about how up out them then she many some so these would other into has more her two like him see time could no make than first been its who now people my made over did down only way find use may water long little very after words called just where most know';
const usual =
  'train station ticket seat window morning evening winter summer garden kitchen recipe onion butter flour oven bread cheese soup dinner budget rent account invoice payment contract meeting agenda project deadline report chapter paragraph sentence translation grammar spelling letter answer question example reason problem solution mistake function variable array loop string number table column query index server browser network request response error message version release test branch commit file folder image camera lens light shadow colour painting museum concert orchestra melody guitar piano rhythm novel author poem story character plot scene journey mountain river island harbour ferry bicycle engine battery charger cable screen keyboard printer paper notebook pencil teacher student lesson exam university degree doctor appointment medicine headache exercise breathing sleep coffee tea breakfast children birthday present wedding cousin neighbour landlord apartment furniture carpet lamp shelf paint weather forecast thunder temperature degrees kilometre average estimate percent interest mortgage insurance passport visa embassy luggage airport departure arrival delay platform conductor';
const verbs =
  'think explain compare write read send change check remember forget try help need want look ask tell show move start stop keep leave bring buy cook travel learn practise measure improve replace repair suggest summarise translate calculate describe arrange cancel confirm postpone avoid prefer believe notice expect decide choose finish';
const rare =
  'Lisbon Kyoto Nairobi Montreal Reykjavik aubergine sourdough cardamom quaternion idempotent polymorphism serendipity chrysanthemum photosynthesis archipelago bureaucracy counterpoint watercolour velocipede thermostat periscope amortisation jurisdiction metabolism cholesterol fjord labyrinth mahogany nocturne oregano parallax quilting rhubarb saxophone tessellation umbrella vineyard wavelength xylophone yoghurt zeppelin';

const words = [common, usual, verbs, rare].map((list) => list.split(' '));
/** How often a word is taken from each list, added up. */
const shares = [0.52, 0.8, 0.96, 1];

/** Some sentences of about so many characters. */
export function sampleText(seed: number, characters: number): string {
  const fraction = seededFraction(seed);
  let text = '';
  while (text.length < characters) {
    const sentence = oneSentence(fraction);
    text += text === '' ? sentence : `${fraction() < 0.15 ? '\n\n' : ' '}${sentence}`;
  }
  return text;
}

function oneSentence(fraction: () => number): string {
  const length = 4 + Math.floor(fraction() * 16);
  const said = Array.from(
    { length },
    (_, place) => `${oneWord(fraction)}${place < length - 1 && fraction() < 0.08 ? ',' : ''}`,
  );
  const end = fraction();
  const [first = ''] = said;
  said[0] = first.charAt(0).toUpperCase() + first.slice(1);
  return `${said.join(' ')}${end < 0.75 ? '.' : end < 0.93 ? '?' : '!'}`;
}

function oneWord(fraction: () => number): string {
  const which = fraction();
  const list = words[shares.findIndex((share) => which < share)] ?? [];
  // Squared, so that the first words of a list come most.
  const plain = list[Math.floor(fraction() ** 2 * list.length)] ?? '';
  return fraction() < 0.02 ? `${plain} ${Math.floor(fraction() * 2_000)}` : plain;
}
