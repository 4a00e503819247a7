package samples

// Common first and last names of the USA, in the letters that Paxos takes.
var firstNames = []string{
	"James", "Mary", "Robert", "Patricia", "John", "Jennifer", "Michael", "Linda", "David", "Elizabeth", "William", "Barbara",
	"Richard", "Susan", "Joseph", "Jessica", "Thomas", "Karen", "Christopher", "Sarah", "Charles", "Lisa", "Daniel", "Nancy",
	"Matthew", "Sandra", "Anthony", "Ashley", "Mark", "Emily", "Donald", "Kimberly", "Steven", "Margaret", "Andrew", "Donna",
	"Paul", "Michelle", "Joshua", "Carol", "Kenneth", "Amanda", "Kevin", "Melissa", "Brian", "Deborah", "Timothy", "Stephanie",
	"Ronald", "Rebecca", "Jason", "Sharon", "George", "Laura", "Edward", "Cynthia", "Jeffrey", "Dorothy", "Ryan", "Amy",
	"Jacob", "Kathleen", "Nicholas", "Angela", "Gary", "Shirley", "Eric", "Emma", "Jonathan", "Brenda", "Stephen", "Pamela",
	"Larry", "Nicole", "Justin", "Anna", "Scott", "Samantha", "Brandon", "Katherine", "Benjamin", "Christine", "Samuel", "Helen",
	"Gregory", "Debra", "Alexander", "Rachel", "Patrick", "Carolyn", "Frank", "Janet", "Raymond", "Maria", "Jack", "Olivia",
	"Dennis", "Heather", "Jerry", "Diane", "Tyler", "Julie", "Aaron", "Joyce", "Jose", "Victoria", "Adam", "Ruth", "Nathan",
	"Virginia", "Henry", "Lauren", "Zachary", "Kelly", "Douglas", "Christina", "Peter", "Joan", "Kyle", "Evelyn", "Noah",
	"Judith", "Ethan", "Andrea", "Jeremy", "Hannah", "Christian", "Megan", "Walter", "Cheryl", "Keith", "Jacqueline", "Mary-Jo",
}

var lastNames = []string{
	"Smith", "Johnson", "Williams", "Brown", "Jones", "Garcia", "Miller", "Davis", "Rodriguez", "Martinez", "Hernandez",
	"Lopez", "Gonzalez", "Wilson", "Anderson", "Thomas", "Taylor", "Moore", "Jackson", "Martin", "Lee", "Perez", "Thompson",
	"White", "Harris", "Sanchez", "Clark", "Ramirez", "Lewis", "Robinson", "Walker", "Young", "Allen", "King", "Wright",
	"Scott", "Torres", "Nguyen", "Hill", "Flores", "Green", "Adams", "Nelson", "Baker", "Hall", "Rivera", "Campbell",
	"Mitchell", "Carter", "Roberts", "Gomez", "Phillips", "Evans", "Turner", "Diaz", "Parker", "Cruz", "Edwards", "Collins",
	"Reyes", "Stewart", "Morris", "Morales", "Murphy", "Cook", "Rogers", "Gutierrez", "Ortiz", "Morgan", "Cooper",
	"Peterson", "Bailey", "Reed", "Kelly", "Howard", "Ramos", "Kim", "Cox", "Ward", "Richardson", "Watson", "Brooks",
	"Chavez", "Wood", "James", "Bennett", "Gray", "Mendoza", "Ruiz", "Hughes", "Price", "Alvarez", "Castillo", "Sanders",
	"Patel", "Myers", "Long", "Ross", "Foster", "Jimenez", "O'Brien", "O'Connor", "St. John", "Van Buren", "Smith-Jones",
}

// cities holds city, state, a ZIP code of the city and its area code.
var cities = []string{
	"New York|NY|10001|212", "Albany|NY|12207|518", "Buffalo|NY|14202|716", "Boston|MA|02108|617", "Worcester|MA|01608|508",
	"Springfield|MA|01103|413", "Providence|RI|02903|401", "Hartford|CT|06103|860", "New Haven|CT|06510|203",
	"Newark|NJ|07102|973", "Jersey City|NJ|07302|201", "Trenton|NJ|08608|609", "Portland|ME|04101|207", "Concord|NH|03301|603",
	"Burlington|VT|05401|802", "Philadelphia|PA|19103|215", "Pittsburgh|PA|15222|412", "Wilmington|DE|19801|302",
	"Baltimore|MD|21202|410", "Washington|DC|20001|202", "Richmond|VA|23219|804", "Charleston|WV|25301|304",
	"Raleigh|NC|27601|919", "Charlotte|NC|28202|704", "Columbia|SC|29201|803", "Atlanta|GA|30303|404", "Miami|FL|33130|305",
	"Tampa|FL|33602|813", "Birmingham|AL|35203|205", "Jackson|MS|39201|601", "Nashville|TN|37203|615", "Louisville|KY|40202|502",
	"Columbus|OH|43215|614", "Cleveland|OH|44113|216", "Indianapolis|IN|46204|317", "Detroit|MI|48226|313", "Chicago|IL|60602|312",
	"Milwaukee|WI|53202|414", "Minneapolis|MN|55401|612", "Des Moines|IA|50309|515", "St. Louis|MO|63101|314",
	"Kansas City|MO|64106|816", "Little Rock|AR|72201|501", "New Orleans|LA|70112|504", "Houston|TX|77002|713", "Dallas|TX|75201|214",
	"Austin|TX|78701|512", "Oklahoma City|OK|73102|405", "Wichita|KS|67202|316", "Omaha|NE|68102|402", "Sioux Falls|SD|57104|605",
	"Fargo|ND|58102|701", "Billings|MT|59101|406", "Cheyenne|WY|82001|307", "Denver|CO|80202|303", "Albuquerque|NM|87102|505",
	"Phoenix|AZ|85004|602", "Salt Lake City|UT|84101|801", "Boise|ID|83702|208", "Las Vegas|NV|89101|702",
	"Los Angeles|CA|90012|213", "San Francisco|CA|94103|415", "San Diego|CA|92101|619", "Sacramento|CA|95814|916",
	"Portland|OR|97204|503", "Seattle|WA|98101|206", "Anchorage|AK|99501|907", "Honolulu|HI|96813|808",
}

var streets = []string{
	"Main St", "Oak St", "Maple Ave", "Cedar Ln", "Elm St", "Washington Ave", "Lake Dr", "Hill Rd", "Park Ave", "Pine St",
	"2nd St", "3rd Ave", "Church St", "Spring St", "Highland Ave", "Mill Rd", "River Rd", "Sunset Blvd", "Center St",
	"Franklin St", "Jefferson Ave", "Lincoln Rd", "Walnut St", "Chestnut St", "Meadow Ln", "Forest Dr", "Ridge Rd",
}

var (
	verifiers = []string{"PERSONA", "JUMIO", "ALLOY", "LEXISNEXIS", "ONFIDO", "SUMSUB", "PLAID", "CUSTOMER"}
	incomes   = []string{"INCOME_0_TO_50K", "INCOME_50K_TO_100K", "INCOME_100K_TO_250K", "INCOME_250K_TO_500K", "INCOME_500K_TO_750K"}
	transfers = []string{"TRANSFER_VALUE_0_TO_25K", "TRANSFER_VALUE_25K_TO_50K", "TRANSFER_VALUE_50K_TO_100K", "TRANSFER_VALUE_100K_TO_250K"}
	wealth    = []string{"EMPLOYMENT_INCOME", "EMPLOYMENT_INCOME", "EMPLOYMENT_INCOME", "INVESTMENT_GAINS", "INHERITANCE", "REAL_ESTATE", "BUSINESS_OWNERSHIP_DIVIDENDS"}
	employed  = []string{"FULL_TIME", "FULL_TIME", "FULL_TIME", "PART_TIME", "SELF_EMPLOYED", "CONTRACTUAL"}
	sectors   = []string{"EDUCATIONAL_SERVICES", "HEALTH_CARE_SOCIAL_ASSISTANCE", "RETAIL_TRADE", "MANUFACTURING", "CONSTRUCTION",
		"FINANCE_INSURANCE", "INFORMATION", "PUBLIC_ADMINISTRATION", "TRANSPORTATION_WAREHOUSING", "PROFESSIONAL_SCIENTIFIC_TECHNICAL_SERVICES",
		"ACCOMMODATION_FOOD_SERVICES", "UTILITIES", "WHOLESALE_TRADE", "OTHER_SERVICES"}
)
