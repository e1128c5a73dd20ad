import { lines } from "../lists.mjs";

const aspect = (name, train, heldout) => ({
  train: { say: lines(train), call: { aspect: name } },
  heldout: { say: lines(heldout), call: { aspect: name } },
});

const aspects = [
  aspect(
    "name",
    `what is this
    what's this [thing|product|item|] here
    what am I looking at
    which product is this
    which product am I looking at
    identify this
    identify [this|the] product
    what do I have in front of me
    what's that on the shelf
    tell me what this is
    do you know what this is
    what is the name of this product
    what's it called
    what brand is this
    which brand is that
    name this product
    product name
    scan this
    look at this and tell me what it is
    what kind of product is this
    can you recognise this item
    recognise this product
    what is the thing in my hand
    I found this, what is it
    what is this thing I'm holding
    I don't know what this is. Can you tell me?
    what's in front of me
    what is that bottle
    what is this can
    what's this box
    which model is this
    what exactly is this
    who makes this, what is it called
    take a look at this. What is it?`,
    `what would this be
    could you work out what I'm holding
    any idea what product that is
    what have I picked up here
    please identify the item I'm looking at
    what is the object in view
    what do they call this product
    which item is this one on the shelf`,
  ),
  aspect(
    "price",
    `what does it cost
    how much is this
    how much does this cost
    what's the price
    price
    price of this
    what is the price of this [product|item|thing|]
    how expensive is this
    is this expensive
    is it expensive
    check the price
    price check
    tell me the price
    how much do they want for this
    what do I have to pay for this
    how much would this be
    how much are these
    what would I pay for that
    what is it worth
    show me the price of this
    does this cost a lot
    is this cheap
    how much money is that
    I want to buy this, how much is it
    how much is the thing in front of me
    what's the price tag on that
    what is this selling for
    find out what this costs
    I can't see a price tag. How much is it?
    how many dollars is this
    how many euros is that one`,
    `what are they charging for this
    what will this set me back
    could you give me the price of the item in view
    what's the damage for this one
    how pricey is that
    what do they ask for this product
    tell me how much this one goes for`,
  ),
  aspect(
    "ingredients",
    `what's in it
    what is in this
    what's in this [product|bottle|can|box|]
    ingredients
    what are the ingredients
    list the ingredients
    read me the ingredients
    tell me the ingredients of this
    what is this made of
    what does this contain
    which ingredients does it have
    show me the ingredient list
    what did they put in this
    is there sugar in this
    how much sugar is in it
    does this have palm oil
    does it contain sugar
    does this have additives in it
    does it have any preservatives
    is there alcohol in this
    what's inside this
    what are they putting in this stuff
    is this vegan
    what's in that drink
    does it contain artificial sweeteners
    what is this cream made of
    check the ingredients
    I'd like to know what's in this
    I try to eat healthy. What's in this?
    what goes into this product`,
    `tell me what this consists of
    read out what it is made from
    which substances are in that
    what's the composition of this product
    could you go through the ingredients for me
    what exactly have they mixed into this
    is there any palm fat in here`,
  ),
  aspect(
    "allergens",
    `can I eat this with a {allergen} allergy
    does it contain {allergens}
    does this contain {allergens}
    are there {allergens} in this
    is this {allergen} free
    is this [safe|okay|fine] for someone with a {allergen} allergy
    allergens
    what allergens are in this
    which allergens does this have
    check the allergens
    any allergens in this
    list the allergens
    does this have {allergens} in it
    I'm allergic to {allergens}, can I eat this
    I'm allergic to {allergens}. Is this okay for me?
    I have a {allergen} allergy, is this safe
    I can't have {allergens}, is this alright
    my [son|daughter|friend|wife] is allergic to {allergens}, is this safe
    my kid can't eat {allergens}. Can she have this?
    is there {allergens} in this
    could this contain {allergens}
    might there be {allergens} in it
    are there any {allergens} in here
    is it free of {allergens}
    is it free from {allergens}
    I don't tolerate {allergens}, can I have this
    allergy check
    is this safe with my allergies
    can someone with a {allergen} intolerance eat this
    does this [snack|bar|sauce|bread|yoghurt] contain {allergens}
    can I have this if I'm allergic to {allergens}
    does the label mention {allergens}`,
    `will this set off my {allergen} allergy
    would a person who can't have {allergens} be okay with this
    tell me about allergens in this product
    {allergens} make me ill, is there any in it
    are {allergens} listed on this
    is this suitable for people with a {allergen} allergy
    check whether it has {allergens}`,
  ),
  aspect(
    "reviews",
    `is it any good
    is this any good
    is this good
    ratings
    reviews
    what are the reviews
    how are the reviews
    what do people say about this
    show me reviews of this
    how is this rated
    what's the rating
    what rating does this have
    how many stars does it have
    do people like this
    do others like it
    is this worth buying
    should I buy this
    is it worth it
    would you recommend this
    what do customers think of this
    read me the reviews
    are people happy with this
    what do other buyers say
    check the ratings
    check reviews for this product
    is this product well rated
    has this got good reviews
    how good is this
    is this brand any good
    I'm thinking of buying this. Is it any good?
    are the reviews any good`,
    `what's the general opinion on this one
    is this thing popular with buyers
    what sort of feedback does this get
    is it recommended by people who bought it
    how did others score this
    would I regret buying this
    what's the verdict on this product`,
  ),
  aspect(
    "origin",
    `where was it made
    where is this from
    where does this come from
    where was this [made|produced|manufactured]
    which country is this from
    country of origin
    origin
    what's the origin of this
    is this local
    is it made in [Germany|China|Italy|France|the US|Japan|England|Spain]
    was this made in [China|Europe|America|Vietnam|Portugal|India]
    where do they make this
    who made this and where
    where do they produce this
    tell me where this was made
    what country does it come from
    in which country was this made
    where were these grown
    where is the [fruit|meat|fish|wine|coffee|cheese] from
    where are these [apples|tomatoes|bananas|grapes|oranges|eggs] from
    is this imported
    was it produced locally
    where was that manufactured
    check the origin
    I only buy local. Where is this from?
    where did they grow this
    is this from around here
    what is the country of origin of this product`,
    `what part of the world is this from
    has this been made abroad
    could you find out which country produced this
    where did this product originate
    place of manufacture
    tell me its country of origin
    which place does this stuff come from`,
  ),
];

export const identify_product = {
  train: aspects.map(({ train }) => train),
  heldout: aspects.map(({ heldout }) => heldout),
};
