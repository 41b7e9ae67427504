"""List common given names by the pronoun that goes with them.

They tell persons from places, and "he" from "she". The lists hold the most common given names of the last
sixty years in the English-speaking world, and some from elsewhere. Names for both are in neither list.
"""

from __future__ import annotations

MALE_NAMES = frozenset(
    "aaron adam adrian ahmed alan albert alejandro aleksandr alexander alexei alfred ali allan amir andre andreas andrei "
    "andrew andy angus anthony antonio arthur barack barry ben benjamin bernard bernie bill bob boris brad bradley "
    "brendan brian bruce bryan callum carl carlos charles chris christopher chuck clive colin craig dan daniel "
    "darren dave david dean declan denis dennis derek diego dieter dimitri dmitri dmitry dominic donald doug douglas "
    "duncan ed eddie edgar edward edwin elliot emil emmanuel enrique eoin eric erik ernest ethan eugene evan fergus "
    "fernando francesco francisco frank franz fred frederick gareth gary geoff geoffrey george gerald gerard gilbert giovanni "
    "giuseppe glenn gordon graham grant greg gregory guillermo gunther guy hamish hans harold harry hassan hector "
    "helmut henrik henry herbert howard hugh hugo hussein iain ian ibrahim igor ilya isaac ivan jack jacob jacques jaime "
    "jake james jan jared jason javier jean jeff jeffrey jeremy jerome jerry jim jimmy joachim joe joel johan johannes john "
    "johnny jon jonas jonathan jorge jose joseph josh joshua juan jurgen justin karl keith ken kenneth kevin khalid klaus "
    "kyle lars laurence lawrence leon leonard leonid liam lloyd logan louis lucas luis luke magnus malcolm manuel marc "
    "marcel marco marcus mario mark markus martin marvin mathias matt matthew maurice max mehmet michael miguel mike mikhail "
    "mitch mitt mohamed mohammad mohammed moses murray mustafa nathan ned neil nicholas nick nicolas nigel niklas noah norman "
    "oleg oliver omar oscar otto owen pablo patrick paul pavel pedro per peter petr phil philip philippe pierre piotr rafael "
    "rahul rajesh ralph ramon randy raul raymond rex ricardo richard rick rob robert roberto rodney roger roland ron ronald "
    "rory ross roy rupert russell ryan salman samuel scott sean sebastian sergei sergey seth simon stanley stefan stephen "
    "steve steven stewart stuart sven ted terence thomas tim timothy toby todd tom tommy tony trevor tyler valery vernon "
    "victor viktor vikram vincent vitaly vladimir volodymyr walter warren wayne wilhelm will william winston wolfgang "
    "xavier yasser yuri yusuf zachary".split()
)
FEMALE_NAMES = frozenset(
    "abigail ada adriana agnes aisha alexandra alice alicia alison amanda amelia amy ana anastasia andrea angela angelina "
    "anita anke ann anna annabel anne annette annie antonia astrid audrey barbara beatrice becky bella bernadette beth bethany "
    "betty beverly birgit bonnie brenda bridget brigitte camilla carla carmen carol carole caroline carolyn catherine "
    "cathy cecilia celia charlotte cheryl chiara chloe christina christine claire clara claudia colleen connie constance "
    "cynthia daisy danielle daphne dawn deborah debra deirdre denise diana diane dolores donna doris dorothy edith eileen "
    "elaine eleanor elena elif elisabeth elise eliza elizabeth ella ellen elsa emily emma erica erin esther eva eve evelyn "
    "fatima fiona florence frances francesca gabriela gail gemma georgia georgina geraldine gillian gina giulia gloria grace "
    "greta gretchen hannah harriet hazel heather heidi helen helena hilary hillary hilda holly imogen inga ingrid irene "
    "irina iris isabel isabella isla ivanka jacqueline jane janet janice jasmine jeanne jenna jennifer jenny jessica jill "
    "joan joanna joanne josephine joyce juanita judith judy julia juliana julie juliet june karen karin kate katherine "
    "kathleen kathryn kathy katie katrina kayla keiko kelly kerry kirsten kirsty kristen kristin lara laura lauren leah "
    "leila lena liesl lila lillian lily linda lisa liz lois lorraine louise lucia lucy lydia lynn mabel madeleine maeve "
    "maggie manuela margaret margarita maria mariam marian marianne marie marilyn marina marjorie marlene martha mary "
    "matilda maureen megan melania melanie melinda melissa mercedes meredith mia michelle mildred miranda miriam moira "
    "molly monica monika muriel nadia nancy naomi natalia natalie natasha nicola nicole nina nora norma olga olivia pamela "
    "patricia paula pauline peggy penelope petra philippa phoebe phyllis priscilla priya rachel rebecca renate rhona rita "
    "roberta rosa rosalind rose rosemary roxanne ruby ruth sabine sabrina sally samantha sandra sara sarah selina shannon "
    "sharon sheila shirley sigrid sofia sonia sophia sophie stella stephanie sue susan susanna susanne sylvia tamara tanya "
    "tara tatiana teresa tessa theresa tina tracy ursula valentina valerie vanessa vera veronica victoria violet virginia "
    "vivian wanda wendy yasmin yolanda yvonne zara zoe".split()
)
